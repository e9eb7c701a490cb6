import { HOUR_MS, type TimeWindow } from "../../../domain/time-window.ts";
import { asFolder, type KeyReading, KNOWN_OTHER, type Layout, LONG_REQUEST_MS, STRANGER } from "./layout.ts";
import { ceilTo, dashStamp, floorTo, momentOf } from "./stamps.ts";

/**
 * Standard logs of a CloudFront distribution, as they have been since the beginning: several files an hour, flat.
 * Entries that come late, up to a day, come in files that are named after the hour of the request.
 *
 * @source https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html
 */
export function cloudFrontLayout(place: { readonly prefix: string; readonly distribution: string }): Layout {
  const { distribution } = place;
  // Ends with the dot, after which the time stands: ids are not of one length.
  const folder = `${asFolder(place.prefix)}${distribution}.`;
  return {
    title: `CloudFront logs of ${distribution}`,
    fileKind: "a CloudFront standard log",
    folder,
    hints: { comes: "up to an hour late", whose: "`logs.distribution`", where: "bucket, prefix" },
    usualDelayMs: HOUR_MS,
    isPrunedByTimeOfWriting: false,
    // Names are in the order of time: one listing takes fewer requests than one for each hour.
    listings: ({ startMs, endMs }) => [
      {
        prefix: folder,
        startAfter: folder + dashStamp(floorTo(startMs, HOUR_MS), 4),
        endBefore: folder + dashStamp(ceilTo(endMs + LONG_REQUEST_MS, HOUR_MS), 4),
      },
    ],
    read(key) {
      const name = key.slice(key.lastIndexOf("/") + 1);
      return key.startsWith(folder) ? readCloudFrontName(name, distribution) : STRANGER;
    },
    spans: null,
  };
}

/** Reads a name such as `E2EXAMPLE.2026-10-01-12.abcd1234.gz`, which both generations of standard logs have. */
export function readCloudFrontName(name: string, distribution: string): KeyReading {
  if (name === "") return KNOWN_OTHER;
  const [, id, ...stamp] = /^([^.]+)\.(\d{4})-(\d\d)-(\d\d)-(\d\d)\.[^./]+\.(?:gz|parquet)$/.exec(name) ?? [];
  const hourMs = momentOf(stamp);
  if (id !== distribution || hourMs === null) return id === undefined || hourMs === null ? STRANGER : KNOWN_OTHER;
  return { belongs: true, span: hourOf(hourMs), endMs: hourMs + HOUR_MS, node: null };
}

/** Entries are written when a response ends. */
function hourOf(hourMs: number): TimeWindow {
  return { startMs: hourMs - LONG_REQUEST_MS, endMs: hourMs + HOUR_MS };
}
