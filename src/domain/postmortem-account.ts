import { formatDuration } from "./duration.ts";
import type { Cause, CauseKind, Movement } from "./finding.ts";
import { codeSpan, escapeMarkdown } from "./markdown.ts";
import { describeMovement } from "./movement-text.ts";
import { entriesOf, impactSpan, marks, type Query, type Sources } from "./postmortem-sources.ts";
import { formatExcessShare, formatRatio } from "./quantity.ts";
import { openRivals } from "./rivals.ts";
import { SECOND_MS } from "./time-window.ts";
import type { Dimension } from "./traffic.ts";
import { formatUtc, formatUtcTime } from "./utc.ts";

const CAUSE_WORDS: Readonly<Record<CauseKind, string>> = {
  "heavy-client": "a client that takes far more than its share (heavy-client)",
  scanner: "a client that looks for what does not exist (scanner)",
  "distributed-flood": "very many clients that are no people (distributed-flood)",
  "flash-crowd": "a crowd of new visitors at once (flash-crowd)",
  "cache-bypass": "requests that go past the cache (cache-bypass)",
  "client-regression": "clients that each send more than they did (client-regression)",
  "retry-storm": "clients that ask again and again because they get no good answer (retry-storm)",
  "slow-backend": "answers that take longer without more traffic (slow-backend)",
  "no-anomaly": "no spike (no-anomaly)",
  unknown: "not known (unknown)",
};

const DIMENSION_WORDS: Readonly<Record<Dimension, string>> = {
  ip: "address",
  net: "network",
  subnet: "subnet",
  wideNet: "wide network",
  owner: "network owner",
  userAgent: "user agent",
  path: "path",
  pathTemplate: "path pattern",
  resource: "kind of resource",
  host: "host",
  referer: "referer",
  refererHost: "referring host",
  status: "status",
  method: "method",
  query: "query",
  queryKeys: "query parameters",
  queryShape: "query shape",
  scheme: "scheme",
  cache: "cache result",
  tls: "TLS version",
  node: "node",
  target: "target",
};

/** Writes who and what was hit, from when to when, and how hard. */
export function impactLines(sources: Sources): readonly string[] {
  const { main, incident } = sources;
  const { started, ended } = impactSpan(sources);
  const lines = [
    started === null
      ? "- When the impact began is not recorded."
      : `- Began ${formatUtc(started.atMs)} ${started.marks}.`,
    ended === null
      ? incident.state === "open"
        ? `- Not over when this was drafted, ${formatUtc(sources.nowMs)} ${marks(null)}.`
        : "- When the impact ended is not recorded."
      : ended.isMeasured
        ? `- Ended ${formatUtc(ended.atMs)} ${ended.marks}.`
        : `- Over ${formatUtc(ended.atMs)} at the latest, when it was resolved ${ended.marks}.`,
  ];
  if (started && ended) {
    const most = ended.isMeasured ? "" : " at most";
    lines.push(`- Lasted ${span(started.atMs, ended.atMs)}${most} ${started.marks}.`);
  }
  if (main === null) return [...lines, "- How large it was is not recorded: no query of the logs was answered."];
  const { onset, moved, unmoved } = main.finding;
  // Of the requests the movement tells it, against the same two windows as the verdict: one fact, one number.
  const isTold = moved.some(({ metric, ratio }) => metric === "requests" && ratio !== null);
  if (onset && !isTold) lines.push(`- Requests were ${formatRatio(onset.ratio)} what was expected ${marks(main)}.`);
  lines.push(...moved.map((movement) => `- Moved: ${describeMovement(movement)} ${marks(main)}.`));
  const [unchanged, unclear] = [named(unmoved, "unchanged"), named(unmoved, "cannot-tell")];
  if (unchanged) lines.push(`- Not changed: ${unchanged} ${marks(main)}.`);
  if (unclear) lines.push(`- Cannot tell: ${unclear} ${marks(main)}.`);
  return lines;
}

/** Writes how, by whom and how soon it was noticed. */
export function detectionLines(sources: Sources): readonly string[] {
  const { incident, entries } = sources;
  const { started } = impactSpan(sources);
  const after = (atMs: number) =>
    started && atMs >= started.atMs ? `, ${span(started.atMs, atMs)} after the impact began` : "";
  const [first] = entries;
  const [declared] = entriesOf(sources, "incident-declared");
  const [finding] = entriesOf(sources, "finding");
  const lines = first
    ? [
        `- First entry on record: ${formatUtc(first.event.occurredMs)}, by ${escapeMarkdown(first.event.actor.name)} ${marks(first)}.`,
      ]
    : ["- Who noticed it first is not recorded: the timeline is empty."];
  lines.push(
    `- Declared by ${escapeMarkdown(incident.declaredBy.name)} at ${formatUtc(incident.declaredMs)}${after(incident.declaredMs)} ${marks(declared)}.`,
  );
  lines.push(
    finding
      ? `- First verdict at ${formatUtc(finding.event.occurredMs)}${after(finding.event.occurredMs)} ${marks(finding)}.`
      : "- When the first verdict was given is not recorded.",
  );
  return lines;
}

/** Writes what explains it, with the evidence for and against, and what it may be instead. */
export function causeLines({ main, queries }: Sources): readonly string[] {
  if (main === null) return ["Not recorded: no query of the logs was answered."];
  const [best, ...others] = main.finding.causes;
  const lines = [
    `${verdictOf(main)} ${marks(main)}.`,
    "",
    `- Best explained by ${describeCause(best)} ${marks(main)}.`,
    ...best.evidence.map(
      ({ direction, statement }) =>
        `- ${direction === "for" ? "For" : "Against"} it: ${escapeMarkdown(statement)} ${marks(main)}.`,
    ),
    ...openRivals(best).map(
      (rival) =>
        `- It may be ${rival.kind} instead (fit ${rival.score.toFixed(2)}); what would decide: ${escapeMarkdown(rival.decidedBy)} ${marks(main)}.`,
    ),
    ...others.map((cause) => `- Beside it: ${describeCause(cause)} ${marks(main)}.`),
  ];
  if (main.finding.onset) {
    const { onsetMs, lowMs, highMs } = main.finding.onset;
    const doubtSecs = Math.max(onsetMs - lowMs, highMs - onsetMs) / SECOND_MS;
    lines.push(`- Onset ${formatUtc(onsetMs)}, give or take ${formatDuration(doubtSecs)} ${marks(main)}.`);
  }
  const later = queries.filter((query) => query !== main);
  return [
    ...lines,
    ...later.map((query) => `- Asked again at ${formatUtcTime(query.createdMs)}: ${verdictOf(query)} ${marks(query)}.`),
  ];
}

/** Names a slice as it stands in sentences: "address `198.51.100.14`". */
export function describeSlice(slice: Cause["slice"]): string {
  const parts = Object.entries(slice).map(
    ([dimension, value]) => `${DIMENSION_WORDS[dimension as Dimension]} ${codeSpan(value)}`,
  );
  return parts.join(" and ");
}

/** Gives a query's verdict as it stands inside a sentence. */
export function verdictOf({ finding }: Query): string {
  return escapeMarkdown(finding.verdict.trim().replace(/\.$/, ""));
}

/** Gives the time between two moments in words. */
export function span(fromMs: number, toMs: number): string {
  return formatDuration((toMs - fromMs) / SECOND_MS);
}

function describeCause(cause: Cause): string {
  const slice = describeSlice(cause.slice);
  const share = slice === "" ? "" : `; ${formatExcessShare(cause.excessShare)} is ${slice}`;
  return `${CAUSE_WORDS[cause.kind]}, fit ${cause.score.toFixed(2)} of 1${share}`;
}

function named(movements: readonly Movement[], state: Movement["state"]): string {
  return movements
    .filter((movement) => movement.state === state)
    .map(describeMovement)
    .join("; ");
}
