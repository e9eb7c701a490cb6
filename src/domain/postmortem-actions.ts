import { formatNetwork } from "./address.ts";
import { wordsOf } from "./address-measure.ts";
import { approverNames } from "./approval.ts";
import { formatDuration } from "./duration.ts";
import { codeSpan, escapeMarkdown } from "./markdown.ts";
import { type Action, entriesOf, marks, type Sources } from "./postmortem-sources.ts";
import type { Prediction } from "./prediction.ts";
import type { Block, Change, Check } from "./proposal.ts";
import { formatRatio, formatShare } from "./quantity.ts";
import { formatUtc } from "./utc.ts";

/** Writes every action that was proposed: who decided, what was predicted, what was seen, how it ended. */
export function actionLines(sources: Sources): readonly string[] {
  if (sources.actions.length === 0) return ["Nothing was proposed or changed, as far as is recorded."];
  return sources.actions.flatMap((action) => ["", ...oneAction(action, sources)]).slice(1);
}

/** Says what a change does, as a heading or inside a sentence: "block `198.51.100.14` on web for 2 h". */
export function describeChange(change: Change): string {
  const forTime = `for ${formatDuration(change.durationSecs)}`;
  switch (change.kind) {
    case "block": {
      const [first = "", ...more] = change.addresses;
      const rest = more.length === 0 ? "" : ` and ${more.length} more`;
      return `${wordsOf(change).verb.toLowerCase()} ${codeSpan(formatNetwork(first))}${rest} on ${escapeMarkdown(change.service)} ${forTime}`;
    }
    case "scale": {
      const start = change.startMs === undefined ? "" : ` at ${formatUtc(change.startMs)}`;
      return `scale ${escapeMarkdown(change.service)} from ${change.fromInstances} to ${change.toInstances} instances${start} ${forTime}`;
    }
  }
}

function oneAction(action: Action, sources: Sources): readonly string[] {
  const { proposal, receipt, blocks } = action;
  const cite = (...kinds: Parameters<typeof entriesOf>[1][]) =>
    marks(action, ...kinds.flatMap((kind) => entriesOf(sources, kind, proposal.id)));
  const lines = [
    `**${action.ref}: ${describeChange(proposal.change)}**`,
    "",
    `- Asked for by ${escapeMarkdown(proposal.requestedBy.name)} at ${formatUtc(proposal.createdMs)}: “${escapeMarkdown(proposal.change.reason)}” ${cite("proposal")}.`,
    `- ${describeDecision(action)} ${cite("approval", "refusal")}.`,
    `- Predicted: ${proposal.predicted ? `${describePrediction(proposal.predicted)} ${marks(action)}.` : "not recorded."}`,
  ];
  if (receipt === null) return [...lines, `- Not carried out, as far as is recorded ${cite("failure")}.`];
  const verb = {
    applied: "Applied",
    failed: "Failed",
    undone: "Applied, and undone since;",
    "dry-run": "Only described, by a dry run that changed nothing,",
  }[receipt.outcome];
  lines.push(`- ${verb} at ${formatUtc(receipt.appliedMs)} ${cite("action", "failure")}.`);
  lines.push(
    `- Observed: ${receipt.check ? `${describeCheck(receipt.check)} ${cite("check")}.` : "not recorded: nobody looked again."}`,
  );
  lines.push(...receipt.calls.map((call) => `- Call: ${codeSpan(call)} ${marks(action)}.`));
  if (proposal.change.kind === "block") {
    lines.push(...blocks.map((block) => `- ${describeBlock(block)} ${cite("undo")}.`));
  }
  return lines;
}

function describeDecision({ proposal }: Action): string {
  const who = proposal.decidedBy === null ? null : escapeMarkdown(proposal.decidedBy.name);
  const when = proposal.decidedMs === null ? "" : ` at ${formatUtc(proposal.decidedMs)}`;
  switch (proposal.state) {
    case "pending":
      return `Not decided; the offer stands until ${formatUtc(proposal.expiresMs)}`;
    case "expired":
      return `Nobody decided until the offer expired at ${formatUtc(proposal.expiresMs)}`;
    case "refused":
      return `Refused by ${who ?? "somebody not recorded"}${when}`;
    case "withdrawn":
      return `Withdrawn by ${who ?? "somebody not recorded"}${when}`;
    case "approved":
    case "executing":
    case "done":
    case "failed":
      return `Approved by ${who === null ? "somebody not recorded" : escapeMarkdown(approverNames(proposal))}${when}`;
  }
}

function describePrediction(predicted: Prediction): string {
  const effect =
    predicted.excessRemoved === null
      ? "removes no request by itself"
      : `removes ${formatShare(predicted.excessRemoved)} of the excess`;
  const harm =
    predicted.baselineHarmed === 0 && predicted.baselineClientsHarmed === 0
      ? "no usual request"
      : `${formatShare(predicted.baselineHarmed)} of the usual requests and ${formatShare(predicted.baselineClientsHarmed)} of the usual clients`;
  const cost = predicted.costPerHourUsd === null ? "" : `, for $${predicted.costPerHourUsd.toFixed(2)} an hour`;
  return `${effect}, stops ${harm}, leaves ${formatRatio(predicted.ratioAfter)} the usual level${cost}`;
}

function describeCheck(check: Check): string {
  const verdict = { worked: "worked", "no-effect": "no effect", "cannot-tell": "cannot tell" }[check.verdict];
  return `${verdict}, seen at ${formatUtc(check.checkedMs)}: ${escapeMarkdown(check.statement.trim().replace(/\.$/, ""))}`;
}

function describeBlock(block: Block): string {
  const address = codeSpan(formatNetwork(block.address));
  const { noun, past } = wordsOf(block);
  switch (block.state) {
    case "pending":
      return `${address} was still to be ${past} when this was drafted`;
    case "active":
      return `${address} stays ${past} until ${formatUtc(block.expiresMs)}`;
    case "expired":
      return `The ${noun} of ${address} ended by itself at ${formatUtc(block.endedMs ?? block.expiresMs)}`;
    case "lifted": {
      const when = block.endedMs === null ? "" : ` at ${formatUtc(block.endedMs)}`;
      return `The ${noun} of ${address} was lifted by ${escapeMarkdown(block.endedBy?.name ?? "somebody not recorded")}${when}`;
    }
  }
}
