import type { LogRecord } from "../record.ts";
import { readCleanRecord } from "./clean-record.ts";
import type { LogFormat } from "./format.ts";
import type { LineTemplate } from "./line-template.ts";
import { endRecord, startRecord, tell } from "./object-record.ts";
import { bare, partsOf, quoted, type TextColumn, tellColumns } from "./text-columns.ts";
import { splitWords } from "./text-words.ts";

/**
 * Envoy's access log in its default format, or in Istio's. The default one does not say who connected: all that it
 * has of the client is the X-Forwarded-For header.
 * @source https://www.envoyproxy.io/docs/envoy/latest/configuration/observability/access_log/usage#default-format-string
 * @source https://istio.io/latest/docs/tasks/observability/logs/access-log/
 */
export const envoy: LogFormat = {
  name: "envoy",
  title: "Envoy access log",
  holds: "requests",
  recognises: (line) => START.test(line) && ANSWERED.test(line) && /\d (?:\d+|-) (?:\d+|-) "/.test(line),
  open: (head) => {
    const template = head.some(isOfIstio) ? ISTIO_TEMPLATE : PLAIN_TEMPLATE;
    return { template, read: (line) => readCleanRecord(template, line) ?? read(line) };
  },
};

const ANSWER = [bare("status"), bare("ignored")];
/** Istio: why the answer is as it is, why the connection ended, and why the server behind could not be reached. */
const REASONS = [bare("ignored"), bare("ignored"), quoted("ignored")];
const MEASURES = [
  bare("ignored"),
  bare("bytes"),
  bare({ secs: "total", unitSecs: 0.001 }),
  bare({ secs: "backend", unitSecs: 0.001 }),
];
const HEADERS = [quoted("forwarded-for"), quoted("user-agent"), quoted("ignored"), quoted("host"), quoted("target")];
/** Istio: the cluster and three addresses, of which the last is the client's. */
const ENDS = [bare("ignored"), bare("ignored"), bare("ignored"), bare("client-with-port")];

const PLAIN_TEMPLATE = templateOf([...ANSWER, ...MEASURES, ...HEADERS]);
const ISTIO_TEMPLATE = templateOf([...ANSWER, ...REASONS, ...MEASURES, ...HEADERS, ...ENDS]);

/** Where a line ends with a quoted field, nothing may follow: quotes of the client's own would have moved the fields. */
function templateOf(columns: readonly TextColumn[]) {
  const endsInQuote = columns.at(-1)?.isQuoted === true;
  return {
    parts: [
      { kind: "literal", text: "[" },
      { kind: "field", is: { time: "arrival", as: "iso" } },
      { kind: "literal", text: '] "' },
      ...partsOf([quoted("request"), ...columns]).slice(1),
      ...(endsInQuote ? [] : ([{ kind: "literal", text: " " }, { kind: "rest" }] as const)),
    ],
    escaping: "none",
    legs: "logged",
  } satisfies LineTemplate;
}

const START = /^\[(\d{4}-\d\d-\d\dT[\d:.]+Z)\] "/;
const ANSWERED = /" (\d{3}|0) (\S+)(?= |$)/;
const MEASURED = / (\d+) (\d+) (\d+|-) (\d+|-)(?= "|$)/;

function isOfIstio(line: string): boolean {
  return START.test(line) && /" (?:\d{3}|0) \S+ [^\d"]/.test(line);
}

/** Envoy escapes nothing, so that what the client sent is told by what stands around it. */
function read(line: string): LogRecord | null {
  const start = START.exec(line);
  if (start === null) return null;
  const draft = startRecord();
  tell(draft, { time: "arrival", as: "iso" }, start[1]);
  const rest = line.slice(start[0].length);
  const answer = ANSWERED.exec(rest);
  tell(draft, "request", rest.slice(0, answer?.index ?? Math.max(0, rest.indexOf('"'))));
  if (answer === null) return endRecord(draft, "logged");
  tellColumns(draft, ANSWER, answer.slice(1), "none");
  const behind = rest.slice(answer.index + answer[0].length);
  const measures = MEASURED.exec(behind);
  if (measures === null) return endRecord(draft, "logged");
  tellColumns(draft, MEASURES, measures.slice(1), "none");
  const [headers, ends] = splitHeaders(behind.slice(measures.index + measures[0].length + ' "'.length));
  tellColumns(draft, HEADERS, headers, "none");
  tellColumns(draft, ENDS, splitWords(ends), "none");
  return endRecord(draft, "logged");
}

/** Gives the headers, from behind their first quote, and what follows them. If quotes make them too many, the user agent has those. */
function splitHeaders(text: string): readonly [headers: readonly string[], ends: string] {
  const pieces = text.split('" "');
  const last = pieces.pop() ?? "";
  const quote = last.indexOf('"');
  const whole = [...pieces, quote === -1 ? last : last.slice(0, quote)];
  const surplus = whole.length - HEADERS.length;
  const headers =
    surplus > 0 ? [...whole.slice(0, 1), whole.slice(1, 2 + surplus).join('" "'), ...whole.slice(2 + surplus)] : whole;
  return [headers, quote === -1 ? "" : last.slice(quote + 1)];
}
