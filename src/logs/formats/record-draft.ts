import { emptyRecord, type LogRecord } from "../record.ts";
import type { LineTemplate, SecsField } from "./line-template.ts";
import { isPlausibleTime } from "./plausible-time.ts";
import { followLegs, requestTimes } from "./request-times.ts";
import { type LoggedUrl, NO_URL } from "./url.ts";

/** What fields mean beside their values. */
export type RecordRules = Pick<LineTemplate, "escaping" | "legs">;

/** A record that is being read, a field at a time. */
export interface RecordDraft {
  readonly rules: RecordRules;
  /** Filled in place: copies would take longer than all the rest. */
  readonly record: Mutable<LogRecord>;
  readonly arrival: LoggedTime;
  readonly completed: LoggedTime;
  readonly secs: Record<SecsField, number | null>;
  request: { readonly method: string; readonly url: LoggedUrl } | null;
  url: LoggedUrl | null;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Told in one field, or in two. */
export interface LoggedTime {
  wholeMs: number | null;
  dateMs: number | null;
  clockMs: number | null;
}

/** Starts a record of which nothing is known. */
export function startRecord(rules: RecordRules): RecordDraft {
  return {
    rules,
    record: emptyRecord(0),
    arrival: { wholeMs: null, dateMs: null, clockMs: null },
    completed: { wholeMs: null, dateMs: null, clockMs: null },
    secs: { total: null, backend: null, connect: null, header: null, firstByte: null, body: null, client: null },
    request: null,
    url: null,
  };
}

/**
 * Ends a record; null where neither a time nor one thing more (the client, the status or the request) is known.
 *
 * The request tells before the method and the URL, the URL before path and query, and what the URL says of scheme and
 * host before the fields of these names.
 */
export function endRecord(draft: RecordDraft): LogRecord | null {
  const { record, request, rules } = draft;
  const url = request?.url ?? draft.url ?? NO_URL;
  record.method = request?.method ?? record.method;
  record.scheme = url.scheme ?? record.scheme;
  record.host = url.host ?? record.host;
  record.path = url.path ?? record.path;
  record.query = url.query ?? record.query;
  if ((record.client ?? record.status ?? record.method ?? record.path) === null) return null;
  const legs = followLegs(draft.secs, rules.legs);
  const times = requestTimes({
    arrivalMs: timeOf(draft.arrival),
    completedMs: timeOf(draft.completed),
    totalSecs: legs.totalSecs,
  });
  if (times === null) return null;
  record.arrivalMs = times.arrivalMs;
  record.completedMs = times.completedMs;
  record.totalSecs = legs.totalSecs;
  record.backendSecs = legs.backendSecs;
  record.connectSecs = legs.connectSecs;
  record.firstByteSecs = legs.firstByteSecs;
  record.bodySecs = legs.bodySecs;
  record.clientSecs = legs.clientSecs;
  return record;
}

function timeOf({ wholeMs, dateMs, clockMs }: LoggedTime): number | null {
  if (wholeMs !== null || dateMs === null || clockMs === null) return wholeMs;
  return isPlausibleTime(dateMs + clockMs) ? dateMs + clockMs : null;
}
