import type { Coverage } from "../../src/domain/traffic.ts";

const AT = (hours: number, minutes: number) => Date.UTC(2026, 10, 21, hours, minutes);

/** Builds the coverage of 13:32 to 14:02, asked for at 14:10 of a log that comes 5 minutes late: all is there. */
export function buildCoverage(given: Partial<Coverage> = {}): Coverage {
  return {
    objectsExpected: 231,
    objectsFound: 231,
    missing: { spans: 0, firstStartsMs: [] },
    objectsNotFetched: 0,
    objectsFromCache: 180,
    bytes: 41_200_000,
    bytesDownloaded: 9_100_000,
    requests: { list: 2, get: 51 },
    newestEndMs: AT(14, 5),
    newestWrittenMs: AT(14, 6),
    listedMs: AT(14, 10),
    usualDelayMs: 5 * 60_000,
    ...given,
  };
}
