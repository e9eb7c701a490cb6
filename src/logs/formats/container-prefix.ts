/**
 * What a container's or a system's log puts before the line that a server wrote.
 *
 * - `cri`: `2026-10-01T12:00:00.49+01:00 stdout F …` (Kubernetes)
 * - `compose`: `web-1  | …` (docker compose)
 * - `docker`: `{"log":"…\n","stream":"stdout","time":"…"}`
 * - `syslog`: `Oct  1 12:00:00 host prog[123]: …`, with a number before it, with an ISO time, or `<134>1 …` (RFC 5424)
 */
export type ContainerPrefix = "cri" | "compose" | "docker" | "syslog";

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
const SYSLOG = new RegExp(
  String.raw`^(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|${ISO}) \S{1,255} [^\s:[\]]{1,128}(?:\[\d{1,10}\])?: `,
);
/** The number, the version, and five words, of which the last is `-` or `[structured data]`. */
const SYSLOG_5424 = /^<\d{1,3}>1(?: [^\s[]{1,255}){5} (?:-|(?:\[[^\]]*\])+)(?: \uFEFF?|$)/;
const DOCKER = '{"log":"';

function stripOne(line: string): Stripped | null {
  if (line.startsWith(DOCKER)) return stripDocker(line);
  const first = line.charCodeAt(0);
  if (isDigit(first) && line[4] === "-" && line[10] === "T")
    return cut(line, CRI, "cri") ?? cut(line, SYSLOG, "syslog");
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
function stripDocker(line: string): Stripped | null {
  try {
    const { log } = JSON.parse(line) as { readonly log?: unknown };
    return typeof log === "string" ? { kind: "docker", line: log.replace(/\r?\n$/, "") } : null;
  } catch {
    return null;
  }
}
