/** Pieces of SQL that take a line apart. Where a piece is not there they give null, and none of them fails. */
import { sqlText } from "../../questions/dialect.ts";

/** What a format's line says, each as an SQL expression over `line`; what is left out the format does not have. */
export interface LineColumns {
  /** Epoch ms; null makes the line one that could not be read. */
  readonly arrival_ms: string;
  readonly client?: string;
  /** `GET https://example.com:443/a?b HTTP/1.1`, from which method, scheme, host, path and query are taken. */
  readonly request?: string;
  readonly method?: string;
  readonly scheme?: string;
  readonly host?: string;
  readonly path?: string;
  readonly query?: string;
  readonly status?: string;
  readonly bytes?: string;
  readonly total_secs?: string;
  readonly backend_secs?: string;
  readonly first_byte_secs?: string;
  readonly user_agent?: string;
  readonly referer?: string;
  readonly cache?: string;
  readonly tls?: string;
  readonly node?: string;
  readonly target?: string;
}

/** How lines of one format are read. */
export interface LineFormat {
  readonly columns: LineColumns;
  /** A condition that headers meet: lines that are no requests and not counted as unread. */
  readonly header?: string;
}

/** The field at a place, from 1. */
export function field(separator: string, place: number): string {
  return known(`split_part(line, ${separator}, ${place})`);
}

/** What the first group of a pattern takes. */
export function matched(text: string, pattern: string, group = 1): string {
  return `nullif(regexp_extract(${text}, ${sqlText(pattern)}, ${group}), '')`;
}

/** Null for what logs write where there is nothing. */
export function known(text: string): string {
  return `nullif(nullif(${text}, '-'), '')`;
}

export function wholeNumber(text: string): string {
  return `try_cast(${text} AS BIGINT)`;
}

/** Three digits; `000` is no answer. */
export function statusOf(text: string): string {
  return `nullif(try_cast(${text} AS SMALLINT), 0)`;
}

/** Null for -1, which load balancers write for what did not happen. */
export function durationSecs(text: string, perSec = 1): string {
  const number = `try_cast(${text} AS DOUBLE)`;
  return `CASE WHEN ${number} >= 0 THEN ${number}${perSec === 1 ? "" : ` / ${perSec}e0`} END`;
}

/** Epoch ms of an ISO time in UTC. */
export function isoMs(text: string): string {
  return epochMs(`from_iso8601_timestamp(${text})`);
}

/** Epoch ms of `01/Oct/2026:12:00:00 +0000`. */
export function commonMs(text: string): string {
  return epochMs(`parse_datetime(${text}, 'dd/MMM/yyyy:HH:mm:ss Z')`);
}

function epochMs(timestamp: string): string {
  return `CAST(to_unixtime(try(${timestamp})) * 1000 AS BIGINT)`;
}

/** An address without its port, which load balancers put behind the last colon, IPv6 or not. */
export function withoutPort(text: string): string {
  return matched(text, "^\\[?(.*?)\\]?(?::\\d+)?$");
}
