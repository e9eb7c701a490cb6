/**
 * What a container's or a system's log puts before the line that a server wrote.
 *
 * - `cri`: `2026-10-01T12:00:00.49+01:00 stdout F …` (Kubernetes)
 * - `compose`: `web-1  | …` (docker compose)
 * - `kubectl`: `[pod/web-1/nginx] …` (`kubectl logs --prefix`)
 * - `timestamp`: `2026-10-01T12:00:00.490123456Z …` (`docker logs -t`, `kubectl logs --timestamps`), or in
 *   milliseconds (what CloudWatch Logs exports)
 * - `docker`: `{"log":"…\n","stream":"stdout","time":"…"}`, its keys in whatever order collectors write them
 * - `message`: `{"@timestamp":"…","message":"…"}` (Filebeat, Vector and the like)
 * - `journald`: `{"MESSAGE":"…","_HOSTNAME":"web-1"}` (`journalctl -o json`)
 * - `syslog`: `Oct  1 12:00:00 host prog[123]: …`, with a number before it, with an ISO time, or `<134>1 …` (RFC 5424)
 */
export type ContainerPrefix =
  | "cri"
  | "compose"
  | "kubectl"
  | "timestamp"
  | "docker"
  | "message"
  | "journald"
  | "syslog";

/** Gives a line without such a prefix, be it one or one within another; others as they are, at nearly no cost. */
export function stripContainerPrefix(line: string): string {
  const once = stripOne(line);
  return once === null ? line : (stripOne(once.line) ?? once).line;
}

/** Tells what stands before most of a file's first lines; null where lines begin as their server wrote them. */
export function findContainerPrefix(lines: readonly string[]): ContainerPrefix | null {
  const kinds = lines.filter((line) => line.trim() !== "").map((line) => stripOne(line)?.kind ?? null);
  const counts = new Map<ContainerPrefix | null, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  for (const [kind, count] of counts) if (count * 2 > kinds.length) return kind;
  return null;
}

interface Stripped {
  readonly kind: ContainerPrefix;
  readonly line: string;
}

const ISO = String.raw`\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)`;
const CRI = new RegExp(`^${ISO} (?:stdout|stderr) [FP] `);
const COMPOSE = /^[A-Za-z\d][\w.-]{0,127} +\| /;
const KUBECTL = /^\[pod\/[\w.-]{1,253}\/[\w.-]{1,253}\] /;
/** In nanoseconds, or close: load balancers begin their lines with times in micro- and milliseconds, which are theirs. */
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7,9}(?:Z|[+-]\d\d:\d\d) /;
/** Before a line that has a time of its own, or is an object. */
const TIMESTAMP_MS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (?=\{|(?:\S{1,255} ){2,6}\[\d\d\/[A-Z])/;
const SYSLOG = new RegExp(
  String.raw`^(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|${ISO}) \S{1,255} [^\s:[\]]{1,128}(?:\[\d{1,10}\])?: `,
);
/** The number, the version, and five words, of which the last is `-` or `[structured data]`. */
const SYSLOG_5424 = /^<\d{1,3}>1(?: [^\s[]{1,255}){5} (?:-|(?:\[[^\]]*\])+)(?: \uFEFF?|$)/;
/** The key whose value is a line, and what put it there. */
const IN_JSON = [
  ["log", "docker"],
  ["message", "message"],
  ["MESSAGE", "journald"],
] as const;
/** Servers call a few words a message, too: "handled request". */
const LIKE_LINE = /["\t]/;
const MAY_BE_IN_JSON = /"(?:log|message|MESSAGE)"\s*:\s*"/;

function stripOne(line: string): Stripped | null {
  if (line[0] === "{") return MAY_BE_IN_JSON.test(line) ? stripJson(line) : null;
  if (line[0] === "[") return cut(line, KUBECTL, "kubectl");
  const first = line.charCodeAt(0);
  if (isDigit(first) && line[4] === "-" && line[10] === "T")
    return (
      cut(line, CRI, "cri") ??
      cut(line, SYSLOG, "syslog") ??
      cut(line, TIMESTAMP, "timestamp") ??
      cut(line, TIMESTAMP_MS, "timestamp")
    );
  if (line[0] === "<") return cut(line, SYSLOG_5424, "syslog") ?? cut(line, SYSLOG, "syslog");
  return cut(line, COMPOSE, "compose") ?? cut(line, SYSLOG, "syslog");
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function cut(line: string, prefix: RegExp, kind: ContainerPrefix): Stripped | null {
  const found = prefix.exec(line);
  return found === null ? null : { kind, line: line.slice(found[0].length) };
}

/** Docker cuts lines of 16 KB and more in two; each half is one of its objects. */
function stripJson(line: string): Stripped | null {
  try {
    const object = JSON.parse(line) as Readonly<Record<string, unknown>>;
    for (const [key, kind] of IN_JSON) {
      const inner = object[key];
      if (typeof inner === "string" && (key !== "message" || LIKE_LINE.test(inner)))
        return { kind, line: inner.replace(/\r?\n$/, "") };
    }
    return null;
  } catch {
    return null;
  }
}
