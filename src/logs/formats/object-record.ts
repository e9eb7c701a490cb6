import { emptyRecord, type LogRecord } from "../record.ts";
import type { FieldValue } from "./format.ts";
import type { Escaping, LegsRule, Meaning } from "./line-template.ts";
import { undoEscapes, undoInUserAgent } from "./object-escapes.ts";
import { timeOf, timeOfParts } from "./object-time.ts";
import { hostOf, methodOf, queryOf, splitRequest, splitUrl } from "./object-url.ts";
import { secsOf, statusOf, textOf, toMicroseconds, wholeOf, withoutBrackets, withoutPort } from "./object-values.ts";

/** A record that is being read. */
export interface Draft {
  readonly record: Mutable<LogRecord>;
  /** Epoch ms; null as long as no field tells it. */
  arrivalMs: number | null;
  /** Of the completion, where its date and its time of day are logged apart. */
  date: string | null;
  clock: string | null;
}
type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Starts a record of which nothing is known. */
export function startRecord(): Draft {
  return { record: emptyRecord(0), arrivalMs: null, date: null, clock: null };
}

/** Adds what a field says. What is known already stays: where several fields say the same, the first is to be told first. */
export function tell(draft: Draft, is: Meaning, value: FieldValue, escaping: Escaping = "none"): void {
  if (value === null || value === undefined) return;
  const { record } = draft;
  if (typeof is === "object") {
    if ("secs" in is) tellSecs(record, is.secs, secsOf(value, is.unitSecs));
    else if (is.as === "date" || is.as === "clock") draft[is.as] ??= textOf(value);
    else if (is.time === "arrival") draft.arrivalMs ??= timeOf(value, is.as);
    else record.completedMs ??= timeOf(value, is.as);
    return;
  }
  if (is === "status") record.status ??= statusOf(value);
  else if (is === "bytes") record.bytes ??= wholeOf(value);
  else {
    const text = textOf(value);
    if (text !== null) TELL_TEXT[is](record, text, escaping);
  }
}

/**
 * Ends a record: arrival and completion follow from each other where the time between is known.
 * Null where not even a time and the client, the server behind, the status or the request can be told.
 */
export function endRecord(draft: Draft, legs: Exclude<LegsRule, "nginx">): LogRecord | null {
  // Filled in place: a copy for each line is what reading would take longest for.
  const { record } = draft;
  if ((record.client ?? record.status ?? record.method ?? record.path ?? record.target) === null) return null;
  if (legs === "sum") sumLegs(record);
  const totalMs = record.totalSecs === null ? null : Math.round(record.totalSecs * 1000);
  const completedMs = record.completedMs ?? timeOfParts(draft.date, draft.clock);
  const arrivalMs = draft.arrivalMs ?? (completedMs === null ? null : completedMs - (totalMs ?? 0));
  if (arrivalMs === null) return null;
  record.arrivalMs = arrivalMs;
  record.completedMs = completedMs ?? (totalMs === null ? null : arrivalMs + totalMs);
  return record;
}

type TextMeaning = Exclude<Extract<Meaning, string>, "status" | "bytes">;
type TellText = (record: Draft["record"], text: string, escaping: Escaping) => void;

const TELL_TEXT: Readonly<Record<TextMeaning, TellText>> = {
  ignored: () => {},
  client: (record, text) => {
    record.client ??= withoutBrackets(text);
  },
  "client-with-port": (record, text) => {
    record.client ??= textOf(withoutPort(text));
  },
  "forwarded-for": (record, text, escaping) => {
    record.forwardedFor ??= undoEscapes(text, escaping);
  },
  request: (record, text, escaping) => {
    const request = splitRequest(text);
    if (request === null) return;
    record.method ??= request.method;
    if (request.url !== null) tellUrl(record, request.url, escaping);
  },
  method: (record, text) => {
    record.method ??= methodOf(text);
  },
  url: tellUrl,
  path: (record, text, escaping) => {
    record.path ??= undoEscapes(text, escaping);
  },
  query: (record, text, escaping) => {
    const query = queryOf(text);
    if (query !== null) record.query ??= undoEscapes(query, escaping);
  },
  host: (record, text) => {
    record.host ??= hostOf(text);
  },
  scheme: (record, text) => {
    record.scheme ??= text.toLowerCase();
  },
  "user-agent": (record, text, escaping) => {
    record.userAgent ??= undoInUserAgent(text, escaping);
  },
  referer: (record, text, escaping) => {
    record.referer ??= undoEscapes(text, escaping);
  },
  cache: (record, text) => {
    record.cache ??= text;
  },
  tls: (record, text) => {
    record.tls ??= text;
  },
  node: (record, text) => {
    record.node ??= text;
  },
  target: (record, text) => {
    record.target ??= text;
  },
};

function tellUrl(record: Draft["record"], url: string, escaping: Escaping): void {
  if (record.path !== null) return;
  const parts = splitUrl(url);
  record.scheme ??= parts.scheme;
  record.host ??= parts.host;
  record.path = parts.path === null ? null : undoEscapes(parts.path, escaping);
  if (parts.query !== null) record.query ??= undoEscapes(parts.query, escaping);
}

/** `header` is nginx's, which no format read this way logs. */
function tellSecs(
  record: Draft["record"],
  field: Extract<Meaning, { secs: unknown }>["secs"],
  secs: number | null,
): void {
  if (field !== "header") record[`${field}Secs`] ??= secs;
}

function sumLegs(record: Draft["record"]): void {
  const { connectSecs, firstByteSecs, bodySecs } = record;
  record.backendSecs ??= firstByteSecs;
  if (connectSecs === null || firstByteSecs === null || bodySecs === null) return;
  record.totalSecs ??= toMicroseconds(connectSecs + firstByteSecs + bodySecs);
}
