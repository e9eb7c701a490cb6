import { linesText } from "./intake-text.ts";
import { codeSpan, escapeMarkdown, link } from "./markdown.ts";
import { causeLines, detectionLines, impactLines, span, verdictOf } from "./postmortem-account.ts";
import { actionLines, describeChange } from "./postmortem-actions.ts";
import { actionItems } from "./postmortem-items.ts";
import {
  type Action,
  collectSources,
  entriesOf,
  type InvestigationRecord,
  impactSpan,
  marks,
  type PostmortemInput,
  type Query,
  type Sources,
} from "./postmortem-sources.ts";
import { formatCount } from "./quantity.ts";
import type { TimelineEntry } from "./timeline.ts";
import type { TrafficFilter } from "./traffic.ts";
import { formatUtc, formatUtcClock, formatUtcDay, formatUtcWindow } from "./utc.ts";

/**
 * Drafts an incident's postmortem as Markdown: a short summary, a detailed account, the timeline, what is left to do.
 *
 * Every sentence ends with the mark of what it is drawn from, all of which are
 * listed; what is not on record is said to be so. The same input always gives
 * the same text.
 */
export function renderPostmortem(input: PostmortemInput): string {
  const sources = collectSources(input);
  const { incident } = sources;
  const items = actionItems(sources);
  const parts: readonly (readonly string[])[] = [
    [`# INC-${incident.number}: ${escapeMarkdown(incident.title)}`],
    [
      `Drafted ${formatUtc(sources.nowMs)} from ${counted(sources.entries.length, "timeline entry", "timeline entries")}, ${counted(sources.queries.length, "query", "queries")} and ${counted(sources.actions.length, "proposal", "proposals")}. All times are UTC. A mark such as [E1], [Q1] or [A1] names what a sentence is drawn from; [record] is the incident's own record.`,
    ],
    ["## Summary", "", ...summaryLines(sources)],
    ["## What happened in detail"],
    ["### Impact", "", ...impactLines(sources)],
    ["### Detection", "", ...detectionLines(sources)],
    ["### Cause", "", ...causeLines(sources)],
    ["### Actions", "", ...actionLines(sources)],
    ["## Timeline (UTC)", "", ...timelineLines(sources.entries)],
    ["## Action items", "", ...(items.length > 0 ? items : ["Nothing on record asks for any."])],
    ["Owners and dates are not recorded; add them in the review."],
    ["## Sources", "", ...sourceLines(sources)],
  ];
  return `${parts.map((part) => part.join("\n")).join("\n\n")}\n`;
}

function summaryLines(sources: Sources): readonly string[] {
  const { incident, main } = sources;
  const { started } = impactSpan(sources);
  const sentences = [
    main ? `${verdictOf(main)} ${marks(main)}.` : "What caused it is not recorded.",
    ...sources.actions.filter(({ receipt }) => receipt !== null).map(summariseAction),
  ];
  if (incident.resolvedMs === null) sentences.push(`The incident was still open when this was drafted ${marks(null)}.`);
  else {
    const after = started ? `, ${span(started.atMs, incident.resolvedMs)} after the impact began` : "";
    const [resolved] = entriesOf(sources, "incident-resolved");
    const who = escapeMarkdown(incident.resolvedBy?.name ?? "somebody not recorded");
    sentences.push(`Resolved by ${who} at ${formatUtc(incident.resolvedMs)}${after} ${marks(resolved)}.`);
  }
  return [sentences.join(" ")];
}

function summariseAction(action: Action): string {
  const { proposal, receipt } = action;
  const outcome = {
    applied: "applied",
    failed: "tried, and failed",
    undone: "applied and undone",
    "dry-run": "only described, by a dry run that changed nothing,",
  };
  const seen = receipt?.check
    ? { worked: "it worked", "no-effect": "it had no effect", "cannot-tell": "whether it worked cannot be told" }[
        receipt.check.verdict
      ]
    : "whether it worked is not recorded";
  const done = receipt ? `${outcome[receipt.outcome]} at ${formatUtc(receipt.appliedMs)}` : "not carried out";
  return `Action ${action.ref}, ${describeChange(proposal.change)}, was ${done}; ${seen} ${marks(action)}.`;
}

function timelineLines(entries: readonly TimelineEntry[]): readonly string[] {
  if (entries.length === 0) return ["Not recorded: the timeline is empty."];
  return [
    "| Entry | Time (UTC) | What | Who |",
    "| --- | --- | --- | --- |",
    ...entries.map(({ ref, event }) => {
      const time = `${formatUtcDay(event.occurredMs)} ${formatUtcClock(event.occurredMs)}`;
      const what = `${event.kind}: ${escapeMarkdown(event.text)}`;
      return `| ${link(ref, event.permalink)} | ${time} | ${what} | ${escapeMarkdown(event.actor.name)} |`;
    }),
  ];
}

function sourceLines({ queries, unanswered, actions, entries }: Sources): readonly string[] {
  const lines = [
    ...queries.map((query) => `- [${query.ref}] ${describeQuery(query)}. ${describeIntake(query)}`),
    ...unanswered.map((query) => `- Without an answer: ${describeQuery(query)}.`),
    ...actions.map(
      ({ ref, proposal }) => `- [${ref}] Proposal ${codeSpan(proposal.id)}, digest ${codeSpan(proposal.digest)}.`,
    ),
  ];
  if (entries.length > 0) lines.push(`- [E1] to [E${entries.length}] The timeline above.`);
  return lines.length > 0 ? lines : ["Not recorded."];
}

function describeQuery(query: InvestigationRecord): string {
  const asked = `asked by ${escapeMarkdown(query.requestedBy.name)} at ${formatUtc(query.createdMs)}`;
  return `${escapeMarkdown(query.service)}, ${formatUtcWindow(query.window)}${describeFilter(query.filter)}, ${asked}`;
}

function describeFilter({ only = {}, not = {} }: TrafficFilter): string {
  const parts = [
    ...Object.entries(only).map(([dimension, value]) => `only ${dimension} ${codeSpan(value)}`),
    ...Object.entries(not).map(([dimension, value]) => `not ${dimension} ${codeSpan(value)}`),
  ];
  return parts.length === 0 ? "" : `, ${parts.join(", ")}`;
}

function describeIntake({ intake }: Query): string {
  if (intake === null) return "What was read is not recorded.";
  const span =
    intake.firstMs === null || intake.lastMs === null
      ? "no request"
      : `requests of ${formatUtcWindow({ startMs: intake.firstMs, endMs: intake.lastMs })}`;
  const skipped = intake.skipped.length === 0 ? "" : `; ${formatCount(intake.skipped.length)} skipped`;
  return `${counted(intake.files, "file", "files")}${skipped}; ${linesText(intake)}; ${span}.`;
}

function counted(amount: number, one: string, many: string): string {
  return `${formatCount(amount)} ${amount === 1 ? one : many}`;
}
