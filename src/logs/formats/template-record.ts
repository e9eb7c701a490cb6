import type { LogRecord } from "../record.ts";
import { decodePercent, unescapeText } from "./escapes.ts";
import { bytesOf, clientOf, clientWithPortOf, knownOrNull, secsOf, statusOf, targetOf } from "./field-values.ts";
import type { LineTemplate, Meaning, SecsField } from "./line-template.ts";
import { parseClock, parseDate, parseTime } from "./logged-time.ts";
import { isPlausibleTime } from "./plausible-time.ts";
import { isMethod, parseRequestLine } from "./request-line.ts";
import { followLegs, requestTimes } from "./request-times.ts";
import { NO_URL, parseHost, parseScheme, parseUrl } from "./url.ts";

/** A field and what the line has in its place. */
export interface FieldText {
  readonly is: Meaning;
  readonly text: string;
}

/**
 * Makes a record of the fields of a line; null where neither a time nor one thing more (the client, the status or the
 * request) is known.
 *
 * Of two fields that stand for the same, the first that is known counts. The request tells before the method and the
 * URL, the URL before path and query, and what the URL says of scheme and host before the fields of these names.
 */
export function recordOf(fields: readonly FieldText[], template: LineTemplate): LogRecord | null {
  const texts = textsByMeaning(fields);
  const first = <T>(is: Meaning & string, read: (text: string) => T | null): T | null => {
    for (const raw of texts.get(is) ?? []) {
      const value = read(raw);
      if (value !== null) return value;
    }
    return null;
  };
  const plain = (text: string) => unescapeText(text, template.escaping);
  const decode = template.escaping === "percent" ? decodePercent : (text: string) => text;
  const text = (is: Meaning & string) => {
    const raw = first(is, knownOrNull);
    return raw === null ? null : plain(raw);
  };
  const decoded = (is: Meaning & string) => decodeKnown(text(is), decode);

  const legs = followLegs(loggedSecs(fields), template.legs);
  const times = requestTimes({
    arrivalMs: loggedTime(fields, "arrival"),
    completedMs: loggedTime(fields, "completed"),
    totalSecs: legs.totalSecs,
  });
  const client = first("client", clientOf) ?? first("client-with-port", clientWithPortOf);
  const status = first("status", statusOf);
  const request = first("request", (raw) => parseRequestLine(plain(raw)));
  const method = request?.method ?? first("method", (raw) => (isMethod(raw) ? raw : null));
  const url = request === null ? first("url", (raw) => parseUrl(plain(raw))) : parseUrl(request.url);
  const { scheme, host, path, query } = url ?? NO_URL;
  const requestPath = decodeKnown(path, decode) ?? decoded("path");
  const isRequest = client !== null || status !== null || method !== null || requestPath !== null;
  if (times === null || !isRequest) return null;
  return {
    arrivalMs: times.arrivalMs,
    completedMs: times.completedMs,
    client,
    forwardedFor: text("forwarded-for"),
    method,
    scheme: scheme ?? first("scheme", parseScheme),
    host: host ?? first("host", (raw) => parseHost(plain(raw))),
    path: requestPath,
    query: decodeKnown(query, decode) ?? decodeKnown(queryOf(text("query")), decode),
    status,
    bytes: first("bytes", bytesOf),
    // One by one: an object of so many keys that is spread is several times as slow to make.
    totalSecs: legs.totalSecs,
    backendSecs: legs.backendSecs,
    connectSecs: legs.connectSecs,
    firstByteSecs: legs.firstByteSecs,
    bodySecs: legs.bodySecs,
    clientSecs: legs.clientSecs,
    userAgent: decoded("user-agent"),
    referer: decoded("referer"),
    cache: text("cache"),
    tls: text("tls"),
    node: text("node"),
    target: first("target", (raw) => targetOf(plain(raw))),
  };
}

function textsByMeaning(fields: readonly FieldText[]): ReadonlyMap<Meaning, readonly string[]> {
  const texts = new Map<Meaning, string[]>();
  for (const { is, text } of fields) {
    if (typeof is === "object" || is === "ignored") continue;
    const others = texts.get(is);
    if (others === undefined) texts.set(is, [text]);
    else others.push(text);
  }
  return texts;
}

function loggedSecs(fields: readonly FieldText[]) {
  const secs: Record<SecsField, number | null> = {
    total: null,
    backend: null,
    connect: null,
    header: null,
    firstByte: null,
    body: null,
    client: null,
  };
  for (const { is, text } of fields) {
    if (typeof is === "object" && "secs" in is) secs[is.secs] ??= secsOf(text, is.unitSecs);
  }
  return secs;
}

function loggedTime(fields: readonly FieldText[], time: "arrival" | "completed"): number | null {
  let dateMs: number | null = null;
  let clockMs: number | null = null;
  for (const { is, text } of fields) {
    if (typeof is !== "object" || !("time" in is) || is.time !== time) continue;
    if (is.as === "date") dateMs ??= parseDate(text);
    else if (is.as === "clock") clockMs ??= parseClock(text);
    else {
      const timeMs = parseTime(text, is.as);
      if (timeMs !== null) return timeMs;
    }
  }
  const timeMs = dateMs === null || clockMs === null ? Number.NaN : dateMs + clockMs;
  return isPlausibleTime(timeMs) ? timeMs : null;
}

/** Apache's `%q` begins with the question mark. */
function queryOf(text: string | null): string | null {
  return text === null ? null : knownOrNull(text.replace(/^\?/, ""));
}

function decodeKnown(text: string | null, decode: (text: string) => string): string | null {
  return text === null ? null : decode(text);
}
