import type { LogRecord } from "../../record.ts";
import { decodeHashes } from "../escapes.ts";
import type { LineReader, LogFormat } from "../format.ts";
import type { SecsField } from "../line-template.ts";
import { endRecord, type RecordDraft, startRecord } from "../record-draft.ts";
import { tell } from "../tell-field.ts";

/**
 * HAProxy's `option httplog`, with syslog's prefix or without. Its times are local and do not tell the zone: they are
 * taken for UTC, which is right where the server's clock is set to it, as most are.
 *
 * Other lines that name a client and a time, such as of failed handshakes and of `option tcplog`, are read as far as
 * they tell. Captured headers (`{shop.example|curl}`) are passed over: the line does not say which they are.
 * @source https://docs.haproxy.org/3.0/configuration.html#8.2.3
 */
export const haproxy: LogFormat = {
  name: "haproxy",
  title: "HAProxy HTTP log",
  holds: "requests",
  meanings: [{ time: "arrival", as: "clf" }],
  recognises: (line) => WHOLE.test(line),
  open: () => reader,
};

const reader: LineReader = { template: null, read };

const DATE = /\[(\d\d\/[A-Z][a-z]{2}\/\d{4}:\d\d:\d\d:\d\d(?:\.\d+)?)( [+-]\d{4})?\] /;
const TIMES = /^(?:-?\d+\/){4}\+?-?\d+$/;
const WHOLE =
  /\S \[\d\d\/[A-Z][a-z]{2}\/\d{4}:[\d:.]+\] \S+ [^\s/]+\/\S+ (?:-?\d+\/){4}\+?-?\d+ (?:-1|\d{1,3}) \+?\d+ \S+ \S+ \S{4} (?:\+?\d+\/){4}\+?\d+ \d+\/\d+ /;

function read(line: string): LogRecord | null {
  const date = DATE.exec(line);
  if (date === null) return null;
  const draft = startRecord({ escaping: "none", legs: "logged" });
  const client = line.slice(0, date.index).trimEnd();
  tell(draft, { time: "arrival", as: "clf" }, `${date[1]}${date[2] ?? " +0000"}`);
  tell(draft, "client-with-port", client.slice(client.lastIndexOf(" ") + 1));
  const rest = line.slice(date.index + date[0].length);
  const [frontend = "", server = "", times = "", status, bytes] = rest.split(" ", 5);
  tellSides(draft, frontend, server);
  if (TIMES.test(times)) {
    tell(draft, "status", status);
    // With `option logasap`, a line is written before the answer is whole, and says so with a plus.
    if (bytes !== undefined && !bytes.startsWith("+")) tell(draft, "bytes", bytes);
    tellTimes(draft, times);
    tellRequest(draft, rest);
  }
  return endRecord(draft);
}

/** `https-in~ shop/web-7`: the tilde tells of an encrypted connection; failures have `https-in/1:` instead of both. */
function tellSides(draft: RecordDraft, frontend: string, server: string): void {
  tell(draft, "node", frontend.replace(/(?:~|\/\S*)$/, ""));
  if (frontend.endsWith("~")) tell(draft, "scheme", "https");
  if (server.includes("/") && !server.includes("<NOSRV>")) tell(draft, "target", server);
}

/**
 * Receiving the request, waiting in a queue, connecting, waiting for the answer, all together: in ms, or -1 for what
 * was not come to. Time in a queue is time until the connection stood.
 */
function tellTimes(draft: RecordDraft, times: string): void {
  const [request = -1, queue = -1, connect = -1, answer = -1, total = -1] = times
    .split("/")
    .map((time) => (time.startsWith("+") ? -1 : Number(time)));
  const stood = queue < 0 || connect < 0 ? -1 : queue + connect;
  const isWhole = Math.min(request, stood, answer, total) >= 0;
  tellMs(draft, "total", total);
  tellMs(draft, "client", request);
  tellMs(draft, "connect", stood);
  tellMs(draft, "firstByte", answer);
  tellMs(draft, "backend", answer);
  tellMs(draft, "body", isWhole ? Math.max(0, total - request - stood - answer) : -1);
}

function tellMs(draft: RecordDraft, secs: SecsField, ms: number): void {
  tell(draft, { secs, unitSecs: 0.001 }, ms);
}

/** The first quote of the line begins it, since HAProxy escapes those in headers. */
function tellRequest(draft: RecordDraft, rest: string): void {
  const start = rest.indexOf('"');
  if (start === -1) return;
  const end = rest.indexOf('"', start + 1);
  tell(draft, "request", decodeHashes(rest.slice(start + 1, end === -1 ? undefined : end)));
}
