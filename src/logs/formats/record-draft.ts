import { emptyRecord, type LogRecord } from "../record.ts";
import { decodePercent, decodeUserAgent, unescapeText } from "./escapes.ts";
import { bytesOf, clientOf, clientWithPortOf, knownOrNull, statusOf, targetOf } from "./field-values.ts";
import type { FieldValue } from "./format.ts";
import type { LineTemplate, Meaning, SecsField } from "./line-template.ts";
import { parseClock, parseDate } from "./logged-time.ts";
import { isPlausibleTime } from "./plausible-time.ts";
import { isMethod, parseRequestLine, type RequestLine } from "./request-line.ts";
import { followLegs, requestTimes } from "./request-times.ts";
import { secsOfValue, textOfValue, timeOfValue } from "./typed-values.ts";
import { type LoggedUrl, NO_URL, parseHost, parseScheme, parseUrl } from "./url.ts";

/** A field and what the line has in its place. */
export interface FieldText {
  readonly is: Meaning;
  readonly text: string;
}

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
  request: RequestLine | null;
  url: LoggedUrl | null;
}

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

interface LoggedTime {
  wholeMs: number | null;
  dateMs: number | null;
  clockMs: number | null;
}

/** Makes a record of the fields of a line, as `endRecord` does. */
export function recordOf(fields: readonly FieldText[], rules: RecordRules): LogRecord | null {
  const draft = startRecord(rules);
  for (const { is, text } of fields) tell(draft, is, text);
  return endRecord(draft);
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

/** Adds what a field says. Of two that stand for the same, the first that is known counts. */
export function tell(draft: RecordDraft, is: Meaning, value: FieldValue): void {
  if (typeof is === "object") {
    if ("secs" in is) draft.secs[is.secs] ??= secsOfValue(value, is.unitSecs);
    else tellTime(draft[is.time], is.as, value);
    return;
  }
  const text = textOfValue(value);
  if (text !== null) TELL_TEXT[is](draft, text);
}

/**
 * Ends a record; null where neither a time nor one thing more (the client, the status or the request) is known.
 *
 * The request tells before the method and the URL, the URL before path and query, and what the URL says of scheme and
 * host before the fields of these names.
 */
export function endRecord(draft: RecordDraft): LogRecord | null {
  const { record, request, rules } = draft;
  const url = request === null ? (draft.url ?? NO_URL) : parseUrl(request.url);
  if (request !== null) record.method = request.method;
  record.scheme = url.scheme ?? record.scheme;
  record.host = url.host ?? record.host;
  record.path = decoded(url.path, rules) ?? record.path;
  record.query = decoded(url.query, rules) ?? record.query;
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

function tellTime(time: LoggedTime, as: Extract<Meaning, { time: unknown }>["as"], value: FieldValue): void {
  if (as === "date") time.dateMs ??= parseDate(textOfValue(value) ?? "");
  else if (as === "clock") time.clockMs ??= parseClock(textOfValue(value) ?? "");
  else time.wholeMs ??= timeOfValue(value, as);
}

function timeOf({ wholeMs, dateMs, clockMs }: LoggedTime): number | null {
  if (wholeMs !== null || dateMs === null || clockMs === null) return wholeMs;
  return isPlausibleTime(dateMs + clockMs) ? dateMs + clockMs : null;
}

type TellText = (draft: RecordDraft, text: string) => void;

const TELL_TEXT: Readonly<Record<Extract<Meaning, string>, TellText>> = {
  ignored: () => {},
  client: ({ record }, text) => {
    record.client ??= clientOf(text);
  },
  "client-with-port": ({ record }, text) => {
    record.client ??= clientWithPortOf(text);
  },
  "forwarded-for": ({ record, rules }, text) => {
    record.forwardedFor ??= decoded(plain(text, rules), rules);
  },
  request: (draft, text) => {
    draft.request ??= parseRequestLine(unescapeText(text, draft.rules.escaping));
  },
  method: ({ record }, text) => {
    record.method ??= isMethod(text) ? text : null;
  },
  url: (draft, text) => {
    draft.url ??= parseUrl(unescapeText(text, draft.rules.escaping));
  },
  path: ({ record, rules }, text) => {
    record.path ??= decoded(plain(text, rules), rules);
  },
  // Apache's `%q` begins with the question mark.
  query: ({ record, rules }, text) => {
    record.query ??= decoded(plain(text.replace(/^\?/, ""), rules), rules);
  },
  host: ({ record, rules }, text) => {
    record.host ??= parseHost(unescapeText(text, rules.escaping));
  },
  scheme: ({ record }, text) => {
    record.scheme ??= parseScheme(text);
  },
  status: ({ record }, text) => {
    record.status ??= statusOf(text);
  },
  bytes: ({ record }, text) => {
    record.bytes ??= bytesOf(text);
  },
  "user-agent": ({ record, rules }, text) => {
    record.userAgent ??= decoded(plain(text, rules), rules, decodeUserAgent);
  },
  referer: ({ record, rules }, text) => {
    record.referer ??= decoded(plain(text, rules), rules);
  },
  cache: ({ record, rules }, text) => {
    record.cache ??= plain(text, rules);
  },
  tls: ({ record, rules }, text) => {
    record.tls ??= plain(text, rules);
  },
  node: ({ record, rules }, text) => {
    record.node ??= plain(text, rules);
  },
  target: ({ record, rules }, text) => {
    record.target ??= targetOf(unescapeText(text, rules.escaping));
  },
};

function plain(text: string, { escaping }: RecordRules): string | null {
  return knownOrNull(unescapeText(text, escaping));
}

function decoded(text: string | null, { escaping }: RecordRules, decode = decodePercent): string | null {
  return text === null || escaping !== "percent" ? text : knownOrNull(decode(text));
}
