import { DAY_MS, HOUR_MS, SECOND_MS, type TimeWindow } from "../../../domain/time-window.ts";
import { type KeyListing, type KeyReading, KNOWN_OTHER, type Layout, STRANGER } from "./layout.ts";
import { ceilTo, dashStamp, floorTo, momentOf, slashStamp, stepsOf } from "./stamps.ts";

export interface S3AccessPlace {
  /** As it is set on the bucket that is logged: put before the rest without a slash of its own. */
  readonly prefix: string;
  /** How long after a request a file may still bring it. */
  readonly maxDelaySecs: number;
}

/** @source https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html "within a few hours", best effort */
const USUAL_DELAY_MS = 3 * HOUR_MS;
const COMMON = {
  fileKind: "an S3 server access log",
  usualDelayMs: USUAL_DELAY_MS,
  spans: null,
} as const;
const COMES = "some hours late";
/** Sixteen hexadecimal digits, by the documentation; nothing hangs on their number. */
const NAME = /^(\d{4})-(\d\d)-(\d\d)-(\d\d)-(\d\d)-(\d\d)-[0-9A-Z]+$/i;

/** Server access logs with the simple prefix: flat, named after their delivery. They may be of several buckets. */
export function s3AccessLayout(place: S3AccessPlace): Layout {
  const { prefix } = place;
  return {
    ...COMMON,
    title: prefix === "" ? "S3 access logs" : `S3 access logs under ${prefix}`,
    folder: prefix,
    hints: { comes: COMES, whose: "`logs.prefix`", where: "bucket, prefix" },
    isPrunedByTimeOfWriting: false,
    // The year and day are part of the listing's prefix, so that `logs` does not find what is under `logs-2`.
    listings: (window) => byDelivery(window, place, (dayMs) => `${prefix}${dashStamp(dayMs, 3)}-`, prefix),
    read: (key) => (key.startsWith(prefix) ? readDelivered(key.slice(prefix.length), place) : STRANGER),
  };
}

/** Server access logs with the partitioned prefix: a folder for each day of each bucket that is logged. */
export function s3AccessPartitionedLayout(
  place: S3AccessPlace & {
    readonly accountId: string;
    readonly region: string;
    readonly loggedBucket: string;
    /** Whose day the folders are of; by EventTime, a file is of one whole day and its name says no more. */
    readonly partitionedBy: "EventTime" | "DeliveryTime";
  },
): Layout {
  const { prefix, accountId, region, loggedBucket, partitionedBy } = place;
  const folder = `${prefix}${accountId}/${region}/${loggedBucket}/`;
  const isByEvent = partitionedBy === "EventTime";
  const folderOf = (dayMs: number) => `${folder}${slashStamp(dayMs, 3)}/`;

  function read(key: string): KeyReading {
    const [, name] = /^\d{4}\/\d\d\/\d\d\/([^/]*)$/.exec(key.startsWith(folder) ? key.slice(folder.length) : "") ?? [];
    if (name === undefined) return STRANGER;
    return isByEvent ? readDayFile(name) : readDelivered(name, place);
  }

  return {
    ...COMMON,
    title: `S3 access logs of ${loggedBucket}`,
    folder,
    hints: {
      comes: COMES,
      whose: "`logs.loggedBucket`",
      where: "bucket, prefix, accountId, region, partitionedBy",
    },
    // A file of a day may be of any of its hours.
    isPrunedByTimeOfWriting: isByEvent,
    listings: (window) =>
      isByEvent
        ? stepsOf(window.startMs, window.endMs, DAY_MS).map((dayMs) => everythingIn(folderOf(dayMs)))
        : byDelivery(window, place, folderOf, null),
    read,
  };
}

function everythingIn(prefix: string): KeyListing {
  return { prefix, startAfter: null, endBefore: null };
}

/**
 * Listings by the day of delivery. The first and the last are cut to the time of day.
 *
 * @param beforeStamp what stands before the stamp in a key; null where that is the day's own folder
 */
function byDelivery(
  window: TimeWindow,
  { maxDelaySecs }: S3AccessPlace,
  prefixOf: (dayMs: number) => string,
  beforeStamp: string | null,
): readonly KeyListing[] {
  const endMs = ceilTo(window.endMs + maxDelaySecs * SECOND_MS, SECOND_MS) + SECOND_MS;
  return stepsOf(window.startMs, endMs, DAY_MS).map((dayMs) => {
    const prefix = prefixOf(dayMs);
    const before = beforeStamp ?? prefix;
    return {
      prefix,
      startAfter: before + dashStamp(floorTo(window.startMs, SECOND_MS), 6),
      endBefore: before + dashStamp(endMs, 6),
    };
  });
}

/** A file holds what was asked before its delivery, and its name is cut to the second. */
function readDelivered(name: string, { maxDelaySecs }: S3AccessPlace): KeyReading {
  if (name === "") return KNOWN_OTHER;
  const atMs = momentOf(NAME.exec(name)?.slice(1) ?? []);
  if (atMs === null) return STRANGER;
  const endMs = atMs + SECOND_MS;
  return { belongs: true, span: { startMs: atMs - maxDelaySecs * SECOND_MS, endMs }, endMs, node: null };
}

function readDayFile(name: string): KeyReading {
  if (name === "") return KNOWN_OTHER;
  const [year, month, day] = NAME.exec(name)?.slice(1) ?? [];
  const dayMs = momentOf([year, month, day]);
  if (dayMs === null) return STRANGER;
  const span = { startMs: dayMs, endMs: dayMs + DAY_MS };
  return { belongs: true, span, endMs: span.endMs, node: null };
}
