import type { CauseKind, Finding } from "./finding.ts";
import type { EventKind, Incident, TimelineEvent } from "./incident.ts";
import type { Block, Person, Proposal, Receipt } from "./proposal.ts";
import type { TimeWindow } from "./time-window.ts";
import { numberEvents, type TimelineEntry } from "./timeline.ts";
import type { Intake, TrafficFilter } from "./traffic.ts";

/** Everything on record about one incident. */
export interface PostmortemInput {
  readonly incident: Incident;
  readonly events: readonly TimelineEvent[];
  readonly investigations: readonly InvestigationRecord[];
  /** Every proposal of the incident; no receipt where it was not carried out. */
  readonly actions: readonly { readonly proposal: Proposal; readonly receipt: Receipt | null }[];
  readonly blocks: readonly Block[];
  readonly nowMs: number;
}

/** A question that was asked of the logs, with its answer where there is one. */
export interface InvestigationRecord {
  readonly id: string;
  readonly service: string;
  readonly window: TimeWindow;
  readonly filter: TrafficFilter;
  readonly requestedBy: Person;
  readonly createdMs: number;
  readonly finding: Finding | null;
  readonly intake: Intake | null;
}

export interface Query extends InvestigationRecord {
  /** "Q1" for the first asked. */
  readonly ref: string;
  readonly finding: Finding;
}

export interface Action {
  /** "A1" for the first proposed. */
  readonly ref: string;
  readonly proposal: Proposal;
  readonly receipt: Receipt | null;
  readonly blocks: readonly Block[];
}

/** What the sentences of a postmortem are drawn from, each with the mark that it is cited by. */
export interface Sources {
  readonly incident: Incident;
  readonly entries: readonly TimelineEntry[];
  readonly queries: readonly Query[];
  /** Asked, but without an answer. */
  readonly unanswered: readonly InvestigationRecord[];
  readonly actions: readonly Action[];
  /** The query whose finding explains most; null where none was answered. */
  readonly main: Query | null;
  readonly nowMs: number;
}

/** Orders and numbers what is on record. */
export function collectSources(input: PostmortemInput): Sources {
  const asked = [...input.investigations].sort((a, b) => a.createdMs - b.createdMs || (a.id < b.id ? -1 : 1));
  const queries = asked
    .flatMap((query) => (query.finding === null ? [] : [{ ...query, finding: query.finding }]))
    .map((query, index) => ({ ...query, ref: `Q${index + 1}` }));
  return {
    incident: input.incident,
    entries: numberEvents(input.events),
    queries,
    unanswered: asked.filter((query) => query.finding === null),
    actions: [...input.actions]
      .sort((a, b) => a.proposal.createdMs - b.proposal.createdMs || (a.proposal.id < b.proposal.id ? -1 : 1))
      .map((action, index) => ({
        ...action,
        ref: `A${index + 1}`,
        blocks: input.blocks.filter((block) => block.proposalId === action.proposal.id),
      })),
    main: queries.reduce<Query | null>((best, query) => (best && weight(best) > weight(query) ? best : query), null),
    nowMs: input.nowMs,
  };
}

/** Finds the entries of a kind about a thing; an entry's key holds the id of what it is about. */
export function entriesOf(sources: Sources, kind: EventKind, id = ""): readonly TimelineEntry[] {
  return sources.entries.filter(({ event }) => event.kind === kind && event.key.includes(id));
}

/** Writes the marks that end a sentence: "[E3] [Q1]"; the incident's own record where there is nothing else. */
export function marks(...refs: readonly (string | TimelineEntry | Query | Action | null | undefined)[]): string {
  const names = refs.flatMap((ref) => (ref == null ? [] : [typeof ref === "string" ? ref : ref.ref]));
  return names.length === 0 ? "[record]" : [...new Set(names)].map((name) => `[${name}]`).join(" ");
}

/** When the impact began and ended, and who says so. */
export function impactSpan({ incident, main, entries }: Sources): {
  readonly started: { readonly atMs: number; readonly marks: string } | null;
  /** Measured in the log, or no later than somebody said that it was over. */
  readonly ended: { readonly atMs: number; readonly marks: string; readonly isMeasured: boolean } | null;
} {
  const onset = main?.finding.onset ?? null;
  const resolved = entries.findLast(({ event }) => event.kind === "incident-resolved");
  return {
    started:
      incident.startedMs !== null
        ? { atMs: incident.startedMs, marks: marks(null) }
        : onset && { atMs: onset.onsetMs, marks: marks(main) },
    ended:
      onset?.endMs != null
        ? { atMs: onset.endMs, marks: marks(main), isMeasured: true }
        : incident.resolvedMs !== null
          ? { atMs: incident.resolvedMs, marks: marks(resolved), isMeasured: false }
          : null,
  };
}

const UNEXPLAINED: readonly CauseKind[] = ["no-anomaly", "unknown"];

/** A later look, after the action, finds nothing unusual: that must not replace what explained it. */
function weight({ finding }: Query): number {
  if (finding.onset === null) return 0;
  const [cause] = finding.causes;
  return UNEXPLAINED.includes(cause.kind) ? 1 : 1 + cause.score;
}
