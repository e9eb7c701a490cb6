/** From a load balancer and a window to the objects that can hold its requests; on paper, nothing is listed here. */
import { DAY_MS, MINUTE_MS, type TimeWindow } from "../../domain/time-window.ts";

export interface AlbLogPlace {
  /** What stands before `AWSLogs/`, without a slash at the end. */
  readonly prefix: string;
  readonly accountId: string;
  readonly region: string;
  /** As in the ARN: `app/my-alb/50dc6c495c0c9188`. */
  readonly loadBalancer: string;
}

/** One listing to make: keys that begin with `prefix`, from `startAfter` on. */
export interface KeyRange {
  readonly prefix: string;
  readonly startAfter: string;
}

/**
 * Each node of a balancer writes a file every five minutes.
 *
 * @source https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
 */
const FILE_SPAN_MS = 5 * MINUTE_MS;
/**
 * A request is logged when it ends, so that a later file than that of its arrival may hold it. What takes longer than
 * this (WebSockets mostly) is missed, rather than reading hours of files for a handful of lines.
 */
const LONG_REQUEST_SLACK_MS = 5 * MINUTE_MS;

/** Tells whether a file whose span ends at `fileEndMs` can hold requests that arrived in a window. */
export function mayHold(window: TimeWindow, fileEndMs: number): boolean {
  return fileEndMs > window.startMs && fileEndMs < lastEndMs(window);
}

/**
 * Gives the listings that find a window's files: one for each day folder.
 *
 * Folders are named by the day of *delivery*, so that a file of 23:55 may lie in the next day's.
 */
export function keyRanges(place: AlbLogPlace, window: TimeWindow): readonly KeyRange[] {
  const ranges: KeyRange[] = [];
  const lastDayMs = startOfDay(lastEndMs(window)) + DAY_MS;
  for (let dayMs = startOfDay(window.startMs); dayMs <= lastDayMs; dayMs += DAY_MS) {
    const prefix = `${dayFolder(place, dayMs)}${fileNamePrefix(place)}`;
    // Names carry whole minutes. Without the Z it sorts before the first name of that minute.
    ranges.push({ prefix, startAfter: `${prefix}${stampOf(nextMinute(window.startMs))}` });
  }
  return ranges;
}

/**
 * Reads the end of the span that a file covers off its key; null for a key that is no access log of this balancer.
 *
 * @example
 * albFileEnd("…_app.my-alb.50dc6c495c0c9188_20261001T2340Z_10.0.0.1_1ab2c3d4.log.gz");  // 2026-10-01T23:40:00Z
 */
export function albFileEnd(key: string): number | null {
  const match = /_(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})Z_[^_/]+_[^_/]+\.log\.gz$/.exec(key);
  if (match === null) return null;
  const [, year, month, day, hour, minute] = match.map(Number);
  return Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute);
}

/** Gives the part of a bucket in which a balancer's account writes, for people and for hints. */
export function accountFolder({ prefix, accountId, region }: AlbLogPlace): string {
  const before = prefix === "" ? "" : `${prefix.replace(/\/+$/, "")}/`;
  return `${before}AWSLogs/${accountId}/elasticloadbalancing/${region}/`;
}

function dayFolder(place: AlbLogPlace, dayMs: number): string {
  return `${accountFolder(place)}${new Date(dayMs).toISOString().slice(0, 10).replaceAll("-", "/")}/`;
}

/** Ends with `_` after the id, so that `my-alb` does not find the files of `my-alb-2`. */
function fileNamePrefix({ accountId, region, loadBalancer }: AlbLogPlace): string {
  return `${accountId}_elasticloadbalancing_${region}_${loadBalancer.replaceAll("/", ".")}_`;
}

/** Spans of five minutes that begin within the window end before this; not all nodes begin them at :00 and :05. */
function lastEndMs({ endMs }: TimeWindow): number {
  return endMs + FILE_SPAN_MS + LONG_REQUEST_SLACK_MS;
}

/** `20261001T2340`. */
function stampOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 16).replaceAll(/[-:]/g, "");
}

function nextMinute(ms: number): number {
  return (Math.floor(ms / MINUTE_MS) + 1) * MINUTE_MS;
}

function startOfDay(ms: number): number {
  return Math.floor(ms / DAY_MS) * DAY_MS;
}
