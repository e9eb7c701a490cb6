import { STOP_STATUS } from "../../domain/stop-status.ts";
import { decodePercent, decodeUserAgent, unescapeText } from "./escapes.ts";
import { bytesOf, clientOf, clientWithPortOf, knownOrNull, statusOf, targetOf } from "./field-values.ts";
import type { FieldValue } from "./format.ts";
import type { Meaning } from "./line-template.ts";
import { parseClock, parseDate } from "./logged-time.ts";
import type { LoggedTime, RecordDraft, RecordRules } from "./record-draft.ts";
import { isMethod, parseRequestLine } from "./request-line.ts";
import { secsOfValue, textOfValue, timeOfValue } from "./typed-values.ts";
import { type LoggedUrl, parseHost, parseScheme, parseUrl } from "./url.ts";

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

function tellTime(time: LoggedTime, as: Extract<Meaning, { time: unknown }>["as"], value: FieldValue): void {
  if (as === "date") time.dateMs ??= parseDate(textOfValue(value) ?? "");
  else if (as === "clock") time.clockMs ??= parseClock(textOfValue(value) ?? "");
  else time.wholeMs ??= timeOfValue(value, as);
}

const STOP_STATUSES: ReadonlyMap<string, number> = new Map(Object.entries(STOP_STATUS));

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
    if (draft.request !== null) return;
    const request = parseRequestLine(unescapeText(text, draft.rules.escaping));
    if (request !== null) draft.request = { method: request.method, url: decodedUrl(request.url, draft.rules) };
  },
  method: ({ record }, text) => {
    record.method ??= isMethod(text) ? text : null;
  },
  url: (draft, text) => {
    draft.url ??= decodedUrl(unescapeText(text, draft.rules.escaping), draft.rules);
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
  "waf-action": ({ record }, text) => {
    record.status ??= STOP_STATUSES.get(text) ?? null;
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

function decodedUrl(text: string, rules: RecordRules): LoggedUrl {
  const url = parseUrl(text);
  if (rules.escaping !== "percent") return url;
  return { ...url, path: decoded(url.path, rules), query: decoded(url.query, rules) };
}
