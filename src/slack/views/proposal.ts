import type { Button, KnownBlock } from "@slack/types";
import { wordsOf } from "../../domain/address-measure.ts";
import { approverNames } from "../../domain/approval.ts";
import { type ApprovalPolicy, approversOf, isAgainstGuards } from "../../domain/approval-policy.ts";
import { formatDuration } from "../../domain/duration.ts";
import type { Block, CapacityEnd, Proposal, Receipt } from "../../domain/proposal.ts";
import { risksOf } from "../../domain/risk.ts";
import { scaleEndMs, startsLater } from "../../domain/scale-span.ts";
import { SECOND_MS } from "../../domain/time-window.ts";
import { formatUtc, formatUtcTime } from "../../domain/utc.ts";
import type { Message } from "../../ports/messenger.ts";
import type { CapacityHold } from "../../ports/remembered.ts";
import { ACTION } from "../action-ids.ts";
import { actions, button, confirm, context, section } from "../block-kit.ts";
import { bold, code, plain } from "../escape.ts";
import { writeExtendValue } from "../extend-value.ts";
import { moment } from "../moment.ts";
import { changeDetail, changeTitle, predictionText } from "./change.ts";
import { CHECK_SIGNS } from "./check.ts";
import { count, plural } from "./numbers.ts";
import { type RuleDoubts, ruleDoubts } from "./rule-doubts.ts";

/** Calls shown of a receipt; the store has all. */
const MAX_CALLS = 4;

export interface ProposalCard {
  readonly proposal: Proposal;
  readonly receipt: Receipt | null;
  /** Those of this proposal, in any state. */
  readonly blocks: readonly Block[];
  /** What is still to be scaled back; where it is not given, the change's own duration decides. */
  readonly hold?: CapacityHold | null;
  /** By which it says why two have to approve, and offers to break the glass where somebody may. */
  readonly policy?: ApprovalPolicy;
  /** How a scale-out ended. */
  readonly end?: CapacityEnd | null;
  /** Why the firewall's rules may not do what is asked of them, when last looked at; left out where nobody looked. */
  readonly doubts?: RuleDoubts | null;
  readonly nowMs: number;
}

/** A proposal's card through its whole life: offered, decided, applied, checked, over. */
export function proposalMessage(card: ProposalCard): Message {
  const { proposal } = card;
  const title = plain(changeTitle(proposal.change));
  const status = statusText(card);
  const blocks: KnownBlock[] = [
    section(`${bold(changeTitle(proposal.change))}\n${changeDetail(proposal.change)}`),
    section(`*Why:* ${plain(proposal.change.reason, 500)}\n*Expected:* ${expected(proposal)}`),
    ...noteBlocks(proposal),
    section(status),
    ...doubtBlocks(card),
    ...glassBlocks(proposal),
    ...receiptBlocks(card),
    ...buttonBlocks(card),
    context(`Asked for by ${bold(proposal.requestedBy.name)} at ${formatUtc(proposal.createdMs)}`),
  ];
  return { text: `${title}. ${status}`, blocks };
}

function noteBlocks({ notes = [] }: Proposal): KnownBlock[] {
  return notes.length === 0 ? [] : [section(notes.map((note) => `• ${plain(note, 500)}`).join("\n"))];
}

function expected({ predicted, change }: Proposal): string {
  if (predicted !== null) return `${predictionText(predicted, change.service)}.`;
  return "not predicted; it was asked for without a finding.";
}

function statusText(card: ProposalCard): string {
  const { proposal, receipt } = card;
  const who = bold(proposal.decidedBy?.name ?? "somebody");
  const approvers = bold(approverNames(proposal));
  const when = proposal.decidedMs === null ? "" : ` at ${formatUtcTime(proposal.decidedMs)}`;
  switch (proposal.state) {
    case "pending":
      return card.nowMs > proposal.expiresMs
        ? `:hourglass: Expired at ${formatUtcTime(proposal.expiresMs)} without an answer.`
        : waitingText(card);
    case "approved":
    case "executing":
      if (startsLater(proposal.change, card.nowMs))
        return `:hourglass_flowing_sand: Approved by ${approvers}${when}. ${startText(proposal)}`;
      return `:hourglass_flowing_sand: Approved by ${approvers}${when}; being carried out…`;
    case "done":
      return doneText(card, `Approved by ${approvers}${when}`);
    case "failed":
      if (card.end?.kind === "called-off")
        return `:leftwards_arrow_with_hook: Approved by ${approvers}${when}. ${calledOff(card.end)}`;
      return `:x: Approved by ${approvers}${when}, but not carried out${receipt?.calls.length ? " in full" : ""}. The thread says why.`;
    case "refused":
      return `:no_entry_sign: Refused by ${who}${when}.`;
    case "withdrawn":
      return `:leftwards_arrow_with_hook: Withdrawn by ${who}${when}.`;
    case "expired":
      return `:hourglass: Expired at ${formatUtcTime(proposal.expiresMs)} without an answer.`;
  }
}

function waitingText({ proposal, policy }: ProposalCard): string {
  const { change, predicted, approvals, approversNeeded, expiresMs } = proposal;
  const until = `until ${moment(expiresMs)}`;
  if (approversNeeded === 1) return `:raised_hand: Waits for approval ${until}.`;
  const risks = policy === undefined ? [] : risksOf(change, predicted, policy.twoApprovers);
  const because =
    risks.length === 0 ? "" : ` It takes two because ${plain(risks.map(({ reason }) => reason).join("; "))}.`;
  const given = approversOf(change, approvals);
  const act = isAgainstGuards(change) ? "to break the glass" : "to approve";
  if (given.length === 0) return `:raised_hand: Waits for two people ${act} ${until}.${because}`;
  const names = given.map(({ name }) => bold(name)).join(", ");
  return `:raised_hand: Approved by ${names}; waits for one more person ${act} ${until}.${because}`;
}

/** For as long as somebody decides by it, or relies on it. */
function doubtBlocks(card: ProposalCard): KnownBlock[] {
  const { proposal, nowMs } = card;
  const isOffered = proposal.state === "pending" && nowMs <= proposal.expiresMs;
  const isUnderWay = proposal.state === "approved" || proposal.state === "executing";
  const isHolding = (endOf(card) ?? 0) > nowMs;
  return isOffered || isUnderWay || isHolding ? ruleDoubts(card.doubts ?? null) : [];
}

/** Who broke the glass, and why, for as long as the card is there. */
function glassBlocks({ approvals }: Proposal): KnownBlock[] {
  return approvals.flatMap(({ person, reason }) =>
    reason === null ? [] : [section(`:rotating_light: ${bold(person.name)} broke the glass: ${plain(reason, 500)}`)],
  );
}

function startText({ change }: Proposal): string {
  const startMs = change.kind === "scale" ? change.startMs : undefined;
  return startMs === undefined ? "" : `Begins by itself at ${moment(startMs)}.`;
}

function calledOff({ by, atMs }: CapacityEnd): string {
  return `Called off by ${bold(by?.name ?? "somebody")} at ${formatUtcTime(atMs)}, before it began; nothing was changed.`;
}

function doneText(card: ProposalCard, approved: string): string {
  const applied = card.receipt === null ? "" : `, applied at ${formatUtcTime(card.receipt.appliedMs)}`;
  if (card.receipt?.outcome === "dry-run") return `:mag: ${approved}. Dry run: nothing was changed. Would be called:`;
  const endMs = endOf(card);
  if (card.hold?.askedMs !== undefined) {
    return `:question: ${approved}${applied}. Not put back yet: somebody changed it meanwhile, and the thread asks what to do.`;
  }
  if (endMs !== null && endMs > card.nowMs) {
    const ends = isExtended(card, endMs) ? "Extended: it ends by itself" : "Ends by itself";
    return `:white_check_mark: ${approved}${applied}. ${ends} at ${moment(endMs)}.`;
  }
  if (endMs !== null && isHeld(card)) {
    return `:warning: ${approved}${applied}. Should have ended at ${formatUtcTime(endMs)}, and has not yet; it is tried again every few seconds.`;
  }
  return `:checkered_flag: ${approved}${applied}. ${overText(card)}`;
}

/** What was approved says how long; a later end is somebody's decision since. */
function isExtended({ proposal: { change }, receipt }: ProposalCard, endMs: number): boolean {
  return change.kind === "block" && receipt !== null && endMs > receipt.appliedMs + change.durationSecs * SECOND_MS;
}

function overText({ blocks, end }: ProposalCard): string {
  if (end != null) return capacityOverText(end);
  const ended = blocks.filter((block) => block.endedMs !== null);
  const last = ended.reduce<Block | null>((a, b) => (a === null || (b.endedMs ?? 0) > (a.endedMs ?? 0) ? b : a), null);
  if (last?.endedMs == null) return "It is over; what was there before is put back.";
  const by = last.endedBy === null ? "its time was up" : `lifted by ${bold(last.endedBy.name)}`;
  return `Over since ${formatUtcTime(last.endedMs)}: ${by}.`;
}

function capacityOverText({ kind, by, atMs }: CapacityEnd): string {
  const since = `Over since ${formatUtcTime(atMs)}`;
  if (kind === "kept") return `${since}: ${bold(by?.name ?? "somebody")} keeps it as it was found then.`;
  const why = by === null ? "its time was up" : `undone by ${bold(by.name)}`;
  return `${since}: ${why}; what was there before is put back.`;
}

/** When a change that holds now will end; null where it is over. */
function endOf({ proposal, receipt, blocks, hold }: ProposalCard): number | null {
  if (receipt === null || receipt.outcome !== "applied") return null;
  if (proposal.change.kind === "block") {
    const held = blocks.filter((block) => block.state === "active" || block.state === "pending");
    return held.length === 0 ? null : Math.max(...held.map((block) => block.expiresMs));
  }
  if (hold !== undefined) return hold?.untilMs ?? null;
  return scaleEndMs(proposal.change, receipt.appliedMs);
}

/** Whether something is still to be put back, by the rows and not by the time. */
function isHeld({ blocks, hold }: ProposalCard): boolean {
  return blocks.some(({ state }) => state === "active" || state === "pending") || hold != null;
}

function receiptBlocks(card: ProposalCard): KnownBlock[] {
  if (card.receipt === null) return [];
  const { calls, check } = card.receipt;
  const endMs = endOf(card);
  const shown = calls.slice(0, MAX_CALLS).map((call) => code(call, 200));
  if (calls.length > MAX_CALLS) shown.push(`and ${plural(calls.length - MAX_CALLS, "more call")}`);
  return [
    ...(shown.length === 0 ? [] : [context(shown.join("\n"))]),
    ...(check !== null
      ? [section(`${CHECK_SIGNS[check.verdict]} ${plain(check.statement, 1_200)} (${formatUtcTime(check.checkedMs)})`)]
      : endMs !== null && endMs > card.nowMs
        ? [context("Whether it worked is looked at next, and said here.")]
        : []),
  ];
}

/** A button carries the proposal's id and nothing else; what it does is read from the store when it is clicked. */
function buttonBlocks(card: ProposalCard): KnownBlock[] {
  const { proposal, nowMs } = card;
  if (proposal.state === "pending" && nowMs <= proposal.expiresMs) return [actions("decide", ...decideButtons(card))];
  if (proposal.state === "approved" && startsLater(proposal.change, nowMs)) {
    return [
      actions("manage", button(ACTION.undo, "Call off", proposal.id), button(ACTION.preview, "Preview", proposal.id)),
    ];
  }
  if (proposal.state === "failed" && card.end?.kind !== "called-off") {
    return [actions("manage", button(ACTION.retry, "Retry", proposal.id))];
  }
  const endMs = endOf(card);
  if (proposal.state !== "done" || endMs === null || endMs <= nowMs) return [];
  const undo = button(ACTION.undo, "Undo", proposal.id, {
    style: "danger",
    confirm: confirm("Undo now?", `${undoText(proposal)} before its time.`, "Undo"),
  });
  const preview = button(ACTION.preview, "Preview", proposal.id);
  if (proposal.change.kind !== "block") return [actions("manage", undo, preview)];
  const more = formatDuration(proposal.change.durationSecs);
  const extend = button(ACTION.extend, `Extend by ${more}`, writeExtendValue(proposal.id, endMs));
  return [actions("manage", undo, extend, preview)];
}

function decideButtons({ proposal, policy }: ProposalCard): readonly Button[] {
  const isGlassNeeded = isAgainstGuards(proposal.change);
  const mayBreak = isGlassNeeded || (policy?.breakGlass.length ?? 0) > 0;
  return [
    ...(isGlassNeeded ? [] : [button(ACTION.approve, "Approve", proposal.id, { style: "primary" })]),
    button(ACTION.refuse, "Refuse", proposal.id),
    button(ACTION.withdraw, "Withdraw", proposal.id),
    button(ACTION.preview, "Preview", proposal.id),
    ...(mayBreak ? [button(ACTION.breakGlass, "Break the glass…", proposal.id, { style: "danger" })] : []),
  ];
}

function undoText({ change }: Proposal): string {
  return change.kind === "block"
    ? `Lets ${count(change.addresses.length)} ${wordsOf(change).past} ${change.addresses.length === 1 ? "address" : "addresses"} through again`
    : `Puts ${change.service} back to what it was`;
}
