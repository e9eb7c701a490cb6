import type { KnownBlock } from "@slack/types";
import { formatDuration } from "../../domain/duration.ts";
import type { Block, Proposal, Receipt } from "../../domain/proposal.ts";
import { formatUtc, formatUtcTime } from "../../domain/utc.ts";
import type { CapacityHold, Message } from "../../ports.ts";
import { ACTION } from "../action-ids.ts";
import { actions, button, confirm, context, section } from "../block-kit.ts";
import { bold, code, plain } from "../escape.ts";
import { writeExtendValue } from "../extend-value.ts";
import { moment } from "../moment.ts";
import { changeDetail, changeTitle, predictionText } from "./change.ts";
import { count, plural } from "./numbers.ts";

/** Calls shown of a receipt; the store has all. */
const MAX_CALLS = 4;

export interface ProposalCard {
  readonly proposal: Proposal;
  readonly receipt: Receipt | null;
  /** Those of this proposal, in any state. */
  readonly blocks: readonly Block[];
  /** What is still to be scaled back; where it is not given, the change's own duration decides. */
  readonly hold?: CapacityHold | null;
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
    section(status),
    ...receiptBlocks(card),
    ...buttonBlocks(card),
    context(`Asked for by ${bold(proposal.requestedBy.name)} at ${formatUtc(proposal.createdMs)}`),
  ];
  return { text: `${title}. ${status}`, blocks };
}

function expected({ predicted, change }: Proposal): string {
  if (predicted !== null) return `${predictionText(predicted, change.service)}.`;
  return "not predicted; it was asked for without a finding.";
}

function statusText(card: ProposalCard): string {
  const { proposal, receipt } = card;
  const who = bold(proposal.decidedBy?.name ?? "somebody");
  const when = proposal.decidedMs === null ? "" : ` at ${formatUtcTime(proposal.decidedMs)}`;
  switch (proposal.state) {
    case "pending":
      return card.nowMs > proposal.expiresMs
        ? `:hourglass: Expired at ${formatUtcTime(proposal.expiresMs)} without an answer.`
        : `:raised_hand: Waits for approval until ${moment(proposal.expiresMs)}.`;
    case "approved":
    case "executing":
      return `:hourglass_flowing_sand: Approved by ${who}${when}; being carried out…`;
    case "done":
      return doneText(card, `Approved by ${who}${when}`);
    case "failed":
      return `:x: Approved by ${who}${when}, but not carried out${receipt?.calls.length ? " in full" : ""}.`;
    case "refused":
      return `:no_entry_sign: Refused by ${who}${when}.`;
    case "withdrawn":
      return `:leftwards_arrow_with_hook: Withdrawn by ${who}${when}.`;
    case "expired":
      return `:hourglass: Expired at ${formatUtcTime(proposal.expiresMs)} without an answer.`;
  }
}

function doneText(card: ProposalCard, approved: string): string {
  const applied = card.receipt === null ? "" : `, applied at ${formatUtcTime(card.receipt.appliedMs)}`;
  const endMs = endOf(card);
  if (endMs !== null && endMs > card.nowMs) {
    return `:white_check_mark: ${approved}${applied}. Ends by itself at ${moment(endMs)}.`;
  }
  return `:checkered_flag: ${approved}${applied}. ${overText(card)}`;
}

function overText({ blocks }: ProposalCard): string {
  const ended = blocks.filter((block) => block.endedMs !== null);
  const last = ended.reduce<Block | null>((a, b) => (a === null || (b.endedMs ?? 0) > (a.endedMs ?? 0) ? b : a), null);
  if (last?.endedMs == null) return "It is over; what was there before is put back.";
  const by = last.endedBy === null ? "its time was up" : `lifted by ${bold(last.endedBy.name)}`;
  return `Over since ${formatUtcTime(last.endedMs)}: ${by}.`;
}

/** When a change that holds now will end; null where it is over. */
function endOf({ proposal, receipt, blocks, hold }: ProposalCard): number | null {
  if (receipt === null || receipt.outcome !== "applied") return null;
  if (proposal.change.kind === "block") {
    const held = blocks.filter((block) => block.state === "active" || block.state === "pending");
    return held.length === 0 ? null : Math.max(...held.map((block) => block.expiresMs));
  }
  if (hold !== undefined) return hold?.untilMs ?? null;
  return receipt.appliedMs + proposal.change.durationSecs * 1_000;
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
      ? [section(`${CHECK_SIGNS[check.verdict]} ${plain(check.statement, 600)} (${formatUtcTime(check.checkedMs)})`)]
      : endMs !== null && endMs > card.nowMs
        ? [context("Whether it worked is looked at next, and said here.")]
        : []),
  ];
}

const CHECK_SIGNS = {
  worked: ":white_check_mark:",
  "no-effect": ":warning:",
  "cannot-tell": ":grey_question:",
} as const;

/** A button carries the proposal's id and nothing else; what it does is read from the store when it is clicked. */
function buttonBlocks(card: ProposalCard): KnownBlock[] {
  const { proposal, nowMs } = card;
  if (proposal.state === "pending" && nowMs <= proposal.expiresMs) {
    return [
      actions(
        "decide",
        button(ACTION.approve, "Approve", proposal.id, { style: "primary" }),
        button(ACTION.refuse, "Refuse", proposal.id),
      ),
    ];
  }
  const endMs = endOf(card);
  if (proposal.state !== "done" || endMs === null || endMs <= nowMs) return [];
  const undo = button(ACTION.undo, "Undo", proposal.id, {
    style: "danger",
    confirm: confirm("Undo now?", `${undoText(proposal)} before its time.`, "Undo"),
  });
  if (proposal.change.kind !== "block") return [actions("manage", undo)];
  const more = formatDuration(proposal.change.durationSecs);
  return [actions("manage", undo, button(ACTION.extend, `Extend by ${more}`, writeExtendValue(proposal.id, endMs)))];
}

function undoText({ change }: Proposal): string {
  return change.kind === "block"
    ? `Lets ${count(change.addresses.length)} blocked ${change.addresses.length === 1 ? "address" : "addresses"} through again`
    : `Puts ${change.service} back to what it was`;
}
