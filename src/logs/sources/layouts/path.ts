import { HOUR_MS, MINUTE_MS, SECOND_MS, type TimeWindow } from "../../../domain/time-window.ts";
import { asFolder, type KeyReading, KNOWN_OTHER, type Layout, LONG_REQUEST_MS, STRANGER } from "./layout.ts";
import { type PathPattern, readPathPattern } from "./path-pattern.ts";
import { momentOf, stepsOf } from "./stamps.ts";

/** A file of five minutes is named after its end. */
const LEAST_SLACK_MS = 5 * MINUTE_MS + LONG_REQUEST_MS;
/** As AWS names its files: `…_20261001T2340Z_…`, and Firehose its: `stream-1-2026-10-01-23-40-05-…`. */
const STAMPS = [
  /_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)Z_/,
  /(?:^|-)(\d{4})-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)(?:-|$)/,
] as const;

/** How far the time in a folder's name and the arrival of a request in it may lie apart, either way. */
export function slackMsOf(maxDelaySecs: number): number {
  return Math.max(maxDelaySecs * SECOND_MS + LONG_REQUEST_MS, LEAST_SLACK_MS);
}

/**
 * Logs in folders of one's own: "vended" logs of load balancers, Firehose, a log shipper.
 *
 * Some name a folder after the delivery, which is later than the requests; Firehose after the oldest record, so that
 * the rest of the file is later. A folder is therefore looked into from as long before it as after it.
 *
 * @source https://docs.aws.amazon.com/firehose/latest/dev/s3-object-name.html
 */
export function pathLayout(place: {
  readonly prefix: string;
  /** Below the prefix. Its last folder holds the files, or further folders. */
  readonly path: string;
  /** How far the time in a folder's name and the end of a request in it may lie apart. */
  readonly maxDelaySecs: number;
}): Layout {
  const pattern = readPathPattern(asFolder(place.prefix) + place.path);
  const slackMs = slackMsOf(place.maxDelaySecs);

  function read(key: string): KeyReading {
    const at = pattern.read(key);
    if (at === null) return STRANGER;
    if (at.rest === "" || at.rest.endsWith("/")) return KNOWN_OTHER;
    const stampMs = stampIn(at.rest);
    const startMs = stampMs ?? at.folderMs;
    // Stamps are cut to the minute, some of them to the second.
    const endMs = startMs + (stampMs === null ? pattern.folderMs : MINUTE_MS);
    const span = { startMs: startMs - slackMs, endMs: endMs + slackMs };
    return { belongs: true, span, endMs: stampMs ?? endMs, node: null };
  }

  return {
    title: `logs of ${asFolder(place.prefix)}${place.path}`,
    fileKind: "a file of `logs.path`",
    folder: pattern.fixedStart,
    hints: { comes: "some minutes late", whose: "`logs.path`", where: "bucket, prefix, path" },
    usualDelayMs: Math.min(slackMs, HOUR_MS),
    isPrunedByTimeOfWriting: true,
    listings: (window) => listFolders(pattern, window, slackMs, ""),
    read,
    spans: null,
  };
}

/** Gives a listing for each folder that is named after a time within the window, or so much before or after it. */
export function listFolders(pattern: PathPattern, { startMs, endMs }: TimeWindow, slackMs: number, nameStart: string) {
  const folders = stepsOf(startMs - slackMs, endMs + slackMs, pattern.listedMs).map(pattern.prefixAt);
  return folders.map((folder) => ({ prefix: folder + nameStart, startAfter: null, endBefore: null }));
}

function stampIn(rest: string): number | null {
  const name = rest.slice(rest.lastIndexOf("/") + 1);
  for (const stamp of STAMPS) {
    const atMs = momentOf(stamp.exec(name)?.slice(1) ?? []);
    if (atMs !== null) return atMs;
  }
  return null;
}
