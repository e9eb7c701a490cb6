import type { LogRecord } from "../record.ts";
import { readCleanRecord } from "./clean-record.ts";
import type { LineReader, LogFormat } from "./format.ts";
import type { LineTemplate } from "./line-template.ts";
import { endRecord, startRecord, tell } from "./object-record.ts";
import { bare, partsOf, quoted, tellColumns } from "./text-columns.ts";
import { splitWords } from "./text-words.ts";

/**
 * Traefik's access log as text: the common log format, and behind it the number of the request, the router, the server
 * and the duration. The status is the server's, so that there is none where Traefik answered itself.
 *
 * Where the request has an X-Forwarded-For header, Traefik writes that in the client's place. If it names several, the
 * last is who connected to the proxy in front, and the nearest to the client's place that the line tells.
 * @source https://doc.traefik.io/traefik/observability/access-logs/
 */
export const traefikClf: LogFormat = {
  name: "traefik-clf",
  title: "Traefik access log",
  holds: "requests",
  recognises: (line) => TAIL.test(line) && HEAD.test(line),
  open: () => reader,
};

const COLUMNS = [
  quoted("request"),
  bare("status"),
  bare("bytes"),
  quoted("referer"),
  quoted("user-agent"),
  bare("ignored"),
  quoted("ignored"),
  quoted("target"),
  bare({ secs: "total", unitSecs: 0.001 }, "ms"),
];

/** Go quotes referers and user agents; its escapes are those of Apache, but for characters beyond ASCII. */
const TEMPLATE = {
  parts: [
    { kind: "field", is: "client" },
    { kind: "literal", text: " - " },
    { kind: "field", is: "ignored" },
    { kind: "literal", text: " [" },
    { kind: "field", is: { time: "arrival", as: "clf" } },
    { kind: "literal", text: '] "' },
    ...partsOf(COLUMNS).slice(1),
  ],
  escaping: "apache",
  legs: "logged",
} satisfies LineTemplate;

const reader: LineReader = {
  template: TEMPLATE,
  // Of several addresses in the client's place, only the last one is the client's.
  read: (line) =>
    (line.slice(0, line.indexOf(" ")).includes(",") ? null : readCleanRecord(TEMPLATE, line)) ?? read(line),
};

const HEAD = /\[(\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] "/;
const TAIL = / (?:\d+|-) "[^"]*" "[^"]*" \d+ms\r?$/;

function read(line: string): LogRecord | null {
  const head = HEAD.exec(line);
  if (head === null) return null;
  const draft = startRecord();
  const client = line.slice(0, head.index).split(" - ", 1)[0]?.trim() ?? "";
  tell(draft, "client", client.slice(client.lastIndexOf(",") + 1).trim());
  if (client.includes(",")) tell(draft, "forwarded-for", client);
  tell(draft, { time: "arrival", as: "clf" }, head[1]);
  const rest = line.slice(head.index + head[0].length);
  // The request is not escaped: its quotes are the client's.
  const end = /" (?:\d{1,3}|-) (?:\d+|-)(?: |$)/.exec(rest)?.index ?? rest.indexOf('"');
  if (end !== -1) tellColumns(draft, COLUMNS, [rest.slice(0, end), ...splitWords(rest.slice(end + 1))], "apache");
  return endRecord(draft, "logged");
}
