import { emptyRecord, type LogRecord } from "../record.ts";
import type { FieldValue } from "./format.ts";
import type { Escaping, LegsRule, Meaning } from "./line-template.ts";
import { undoEscapes, undoInUserAgent } from "./object-escapes.ts";
import { timeOf, timeOfParts } from "./object-time.ts";
import { hostOf, methodOf, queryOf, splitRequest, splitUrl } from "./object-url.ts";
import { secsOf, statusOf, textOf, toMicroseconds, wholeOf, withoutBrackets, withoutPort } from "./object-values.ts";

/** A record that is being read. */
export interface Draft extends Mutable<Omit<LogRecord, "arrivalMs">> {
  arrivalMs: number | null;
  /** A date and a time of day that are logged apart. */
  date: string | null;
  clock: string | null;
}
type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** Starts a record of which nothing is known. */
export function startRecord(): Draft {
  return { ...emptyRecord(0), arrivalMs: null, date: null, clock: null };
}

/** Adds what a field says. What is known already stays: where several fields say the same, the first is to be told first. */
export function tell(draft: Draft, is: Meaning, value: FieldValue, escaping: Escaping = "none"): void {
  if (value === null || value === undefined) return;
  if (typeof is === "object") {
    if ("secs" in is) tellSecs(draft, is.secs, secsOf(value, is.unitSecs));
    else if (is.as === "date" || is.as === "clock") draft[is.as] ??= textOf(value);
    else if (is.time === "arrival") draft.arrivalMs ??= timeOf(value, is.as);
    else draft.completedMs ??= timeOf(value, is.as);
    return;
  }
  if (is === "status") draft.status ??= statusOf(value);
  else if (is === "bytes") draft.bytes ??= wholeOf(value);
  else {
    const text = textOf(value);
    if (text !== null) TELL_TEXT[is](draft, text, escaping);
  }
}

/**
 * Ends a record: arrival and completion follow from each other where the time between is known.
 * Null where not even a time and the client, the server behind, the status or the request can be told.
 */
export function endRecord(draft: Draft, legs: Exclude<LegsRule, "nginx">): LogRecord | null {
  const { date, clock, arrivalMs: loggedMs, completedMs, ...told } = draft;
  const byParts = completedMs ?? timeOfParts(date, clock);
  const totalSecs = draft.totalSecs ?? (legs === "sum" ? sumOfLegs(draft) : null);
  const totalMs = totalSecs === null ? null : Math.round(totalSecs * 1000);
  const arrivalMs = loggedMs ?? (byParts === null ? null : byParts - (totalMs ?? 0));
  if (arrivalMs === null) return null;
  if ((told.client ?? told.status ?? told.method ?? told.path ?? told.target) === null) return null;
  return {
    ...told,
    arrivalMs,
    completedMs: byParts ?? (totalMs === null ? null : arrivalMs + totalMs),
    totalSecs,
    backendSecs: told.backendSecs ?? (legs === "sum" ? told.firstByteSecs : null),
  };
}

type TextMeaning = Exclude<Extract<Meaning, string>, "status" | "bytes">;
type TellText = (draft: Draft, text: string, escaping: Escaping) => void;

const TELL_TEXT: Readonly<Record<TextMeaning, TellText>> = {
  ignored: () => {},
  client: (draft, text) => {
    draft.client ??= withoutBrackets(text);
  },
  "client-with-port": (draft, text) => {
    draft.client ??= textOf(withoutPort(text));
  },
  "forwarded-for": (draft, text, escaping) => {
    draft.forwardedFor ??= undoEscapes(text, escaping);
  },
  request: (draft, text, escaping) => {
    const request = splitRequest(text);
    if (request === null) return;
    draft.method ??= request.method;
    if (request.url !== null) tellUrl(draft, request.url, escaping);
  },
  method: (draft, text) => {
    draft.method ??= methodOf(text);
  },
  url: tellUrl,
  path: (draft, text, escaping) => {
    draft.path ??= undoEscapes(text, escaping);
  },
  query: (draft, text, escaping) => {
    const query = queryOf(text);
    if (query !== null) draft.query ??= undoEscapes(query, escaping);
  },
  host: (draft, text) => {
    draft.host ??= hostOf(text);
  },
  scheme: (draft, text) => {
    draft.scheme ??= text.toLowerCase();
  },
  "user-agent": (draft, text, escaping) => {
    draft.userAgent ??= undoInUserAgent(text, escaping);
  },
  referer: (draft, text, escaping) => {
    draft.referer ??= undoEscapes(text, escaping);
  },
  cache: (draft, text) => {
    draft.cache ??= text;
  },
  tls: (draft, text) => {
    draft.tls ??= text;
  },
  node: (draft, text) => {
    draft.node ??= text;
  },
  target: (draft, text) => {
    draft.target ??= text;
  },
};

function tellUrl(draft: Draft, url: string, escaping: Escaping): void {
  if (draft.path !== null) return;
  const parts = splitUrl(url);
  draft.scheme ??= parts.scheme;
  draft.host ??= parts.host;
  draft.path = parts.path === null ? null : undoEscapes(parts.path, escaping);
  if (parts.query !== null) draft.query ??= undoEscapes(parts.query, escaping);
}

/** `header` is nginx's, which no format read this way logs. */
function tellSecs(draft: Draft, field: Extract<Meaning, { secs: unknown }>["secs"], secs: number | null): void {
  if (field !== "header") draft[`${field}Secs`] ??= secs;
}

function sumOfLegs({ connectSecs, firstByteSecs, bodySecs }: Draft): number | null {
  if (connectSecs === null || firstByteSecs === null || bodySecs === null) return null;
  return toMicroseconds(connectSecs + firstByteSecs + bodySecs);
}
