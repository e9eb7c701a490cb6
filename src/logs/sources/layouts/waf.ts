import { MINUTE_MS } from "../../../domain/time-window.ts";
import { asFolder, type KeyReading, KNOWN_OTHER, type Layout, STRANGER } from "./layout.ts";
import { ceilTo, floorTo, momentOf, slashStamp, stepsOf } from "./stamps.ts";

export interface WafPlace {
  /** What stands before `AWSLogs/`, without a slash at the end. */
  readonly prefix: string;
  readonly accountId: string;
  readonly region: string;
  readonly scope: "REGIONAL" | "CLOUDFRONT";
  readonly webAcl: string;
}

/** A file holds "the traffic recorded in the previous 5 minutes". */
const SPAN_MS = 5 * MINUTE_MS;

/**
 * Logs of a web ACL, straight to S3: a folder every five minutes, and a new file in it at each 75 MB.
 *
 * It is nowhere said whether a folder is named after the beginning or the end of its five minutes. Both are taken in;
 * that costs one folder on either side.
 *
 * @source https://docs.aws.amazon.com/waf/latest/developerguide/logging-s3.html
 */
export function wafLayout(place: WafPlace): Layout {
  const { accountId, webAcl } = place;
  const region = place.scope === "CLOUDFRONT" ? "cloudfront" : place.region;
  const folder = `${asFolder(place.prefix)}AWSLogs/${accountId}/WAFLogs/${region}/${webAcl}/`;

  function read(key: string): KeyReading {
    if (!key.startsWith(folder)) return STRANGER;
    if (key.endsWith("/")) return KNOWN_OTHER;
    const [, ...stamp] =
      /^(\d{4})\/(\d\d)\/(\d\d)\/(\d\d)\/(\d\d)\/[^/]+\.log\.gz$/.exec(key.slice(folder.length)) ?? [];
    const atMs = momentOf(stamp);
    if (atMs === null) return STRANGER;
    return { belongs: true, span: { startMs: atMs - SPAN_MS, endMs: atMs + SPAN_MS }, endMs: atMs, node: null };
  }

  return {
    title: `WAF logs of ${webAcl}`,
    fileKind: "a WAF log",
    folder,
    hints: { comes: "5 to 10 minutes late", whose: "`logs.webAcl`", where: "bucket, prefix, accountId, region, scope" },
    usualDelayMs: 10 * MINUTE_MS,
    isPrunedByTimeOfWriting: false,
    // Folders are in the order of time, and hold nobody else's files.
    listings: ({ startMs, endMs }) => [
      {
        prefix: folder,
        startAfter: folder + slashStamp(floorTo(startMs - SPAN_MS, MINUTE_MS) + MINUTE_MS, 5),
        endBefore: folder + slashStamp(ceilTo(endMs + SPAN_MS, MINUTE_MS), 5),
      },
    ],
    read,
    spans: {
      lengthMs: SPAN_MS,
      // Names that must be there whichever of the two they mean.
      startsOf: ({ startMs, endMs }) => stepsOf(ceilTo(startMs, SPAN_MS), endMs, SPAN_MS),
      startOf: (endMs) => floorTo(endMs, SPAN_MS),
    },
  };
}
