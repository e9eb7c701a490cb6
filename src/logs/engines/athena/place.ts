import { HOUR_MS, MINUTE_MS, SECOND_MS, type TimeWindow } from "../../../domain/time-window.ts";
import type { KeyListing } from "../../sources/layouts/layout.ts";
import { slackMsOf } from "../../sources/layouts/path.ts";
import { layoutOf, type S3LogsConfig } from "../../sources/layouts/registry.ts";
import { askedFormat } from "./asked-format.ts";
import type { AthenaFormat } from "./line-formats.ts";

/** Where one service's objects lie, and which of the objects there are its own. */
export interface AthenaPlace {
  readonly format: AthenaFormat;
  /** `s3://bucket/prefix/`, with the slash. */
  readonly location: string;
  /** Whether below it are folders by day, `2026/10/01/`. */
  readonly isByDay: boolean;
  /** How much earlier than a request the day may be into whose folder its object is put. */
  readonly earlyMs: number;
  /** How much later. */
  readonly lateMs: number;
  /** The service's own keys that can hold a window's requests; null where all objects there may. */
  readonly keys: ((window: TimeWindow) => readonly KeyListing[]) | null;
}

type Days = Pick<AthenaPlace, "earlyMs" | "lateMs">;

/** How late balancers deliver beyond their span; the folder is that of the delivery. */
const ELB_LATE_MS = HOUR_MS;
/** A folder of WAF logs is named after either end of its five minutes. */
const WAF_SPAN_MS = 5 * MINUTE_MS;
const DAY_FOLDERS = "{yyyy}/{MM}/{dd}";

/**
 * Gives the place of a service's logs as its layout has it: the same keys that would be fetched.
 *
 * @throws {UserError} `athena-format` or `athena-proxies` where these logs cannot be asked about
 */
export function athenaPlace(service: string, config: S3LogsConfig): AthenaPlace {
  const format = askedFormat(service, config);
  const layout = layoutOf(config);
  const days = daysOf(config);
  // Where keys have no folder of a day, what stands before the time in them need not be a folder itself.
  const folder = days === null ? layout.folder.slice(0, layout.folder.lastIndexOf("/") + 1) : layout.folder;
  return {
    format,
    location: `s3://${config.bucket}/${folder}`,
    isByDay: days !== null,
    earlyMs: days?.earlyMs ?? 0,
    lateMs: days?.lateMs ?? 0,
    keys: layout.listings,
  };
}

/** Tells how the folders of days and the requests in them may lie apart; null where there are no such folders. */
function daysOf(config: S3LogsConfig): Days | null {
  switch (config.layout) {
    case "alb":
    case "nlb":
      return { earlyMs: 0, lateMs: ELB_LATE_MS };
    case "clb":
      return { earlyMs: 0, lateMs: ELB_LATE_MS + config.intervalMinutes * MINUTE_MS };
    case "waf":
      return { earlyMs: WAF_SPAN_MS, lateMs: WAF_SPAN_MS };
    case "s3-access-partitioned":
      return { earlyMs: 0, lateMs: config.partitionedBy === "EventTime" ? 0 : config.maxDelaySecs * SECOND_MS };
    case "cloudfront-v2":
    case "path": {
      const slackMs = slackMsOf(config.maxDelaySecs);
      return isByDay(config.path) ? { earlyMs: slackMs, lateMs: slackMs } : null;
    }
    case "cloudfront":
    case "s3-access":
      return null;
  }
}

/** Whether a path's first folders of time are those that a table's partitions can be named after. */
function isByDay(path: string): boolean {
  const at = path.search(/\{(?:yyyy|MM|dd|HH|mm)\}/);
  const after = path.slice(at + DAY_FOLDERS.length);
  const isFolder = at === 0 || path[at - 1] === "/";
  return isFolder && path.startsWith(DAY_FOLDERS, at) && (after === "" || after.startsWith("/"));
}
