import type { KnownBlock } from "@slack/types";
import { formatNetwork } from "../../domain/address.ts";
import { wordsOf } from "../../domain/address-measure.ts";
import { formatDuration } from "../../domain/duration.ts";
import type { Incident } from "../../domain/incident.ts";
import type { Block, Proposal } from "../../domain/proposal.ts";
import { formatUtcTime } from "../../domain/utc.ts";
import type { CapacityHold } from "../../ports/remembered.ts";
import { context, header, section } from "../block-kit.ts";
import { bold, code, plain } from "../escape.ts";
import { changeTitle } from "./change.ts";
import { incidentLine } from "./incident.ts";
import { plural } from "./numbers.ts";

const MAX_LINES = 10;

/** What is going on now: open incidents, offers that wait, active blocks, capacity that will go back. */
export function homeBlocks(now: {
  readonly incidents: readonly Incident[];
  readonly proposals: readonly Proposal[];
  readonly blocks: readonly Block[];
  readonly holds: readonly CapacityHold[];
  readonly nowMs: number;
}): readonly KnownBlock[] {
  const byEnd = [...now.blocks].sort((a, b) => a.expiresMs - b.expiresMs);
  const milder = byEnd.filter(({ measure }) => measure !== undefined);
  return [
    header("Open incidents"),
    lines(now.incidents.map(incidentLine), "None."),
    header("Waiting for approval"),
    lines(now.proposals.filter(({ state }) => state === "pending").map(proposalLine), "Nothing."),
    header("Blocked now"),
    lines(
      byEnd.filter(({ measure }) => measure === undefined).map((block) => blockLine(block, now.nowMs)),
      "Nothing.",
    ),
    ...(milder.length === 0
      ? []
      : [
          header("Limited or challenged now"),
          lines(
            milder.map((block) => milderLine(block, now.nowMs)),
            "Nothing.",
          ),
        ]),
    header("Capacity that goes back by itself"),
    lines(
      now.holds.map((hold) => holdLine(hold, now.nowMs)),
      "None.",
    ),
    context(
      `As of ${formatUtcTime(now.nowMs)}; open this tab again to refresh it. \`/spillway help\` lists the commands.`,
    ),
  ];
}

function lines(all: readonly string[], none: string): KnownBlock {
  if (all.length === 0) return context(none);
  const left = all.length - MAX_LINES;
  return section([...all.slice(0, MAX_LINES), ...(left > 0 ? [`and ${plural(left, "more", "more")}`] : [])].join("\n"));
}

function proposalLine(proposal: Proposal): string {
  return `${plain(changeTitle(proposal.change))} · asked for by ${bold(proposal.requestedBy.name)} in <#${proposal.channelId}> · until ${formatUtcTime(proposal.expiresMs)}`;
}

function blockLine(block: Block, nowMs: number): string {
  return `${code(formatNetwork(block.address))} on ${plain(block.service)} · ${timeLeft(block.expiresMs, nowMs)} · ${plain(block.reason, 100)}`;
}

function milderLine(block: Block, nowMs: number): string {
  return `${wordsOf(block).past} · ${blockLine(block, nowMs)}`;
}

function holdLine(hold: CapacityHold, nowMs: number): string {
  return `${plain(hold.service)} goes back to a minimum of ${hold.before.min} and ${hold.before.desired} wanted · ${timeLeft(hold.untilMs, nowMs)}`;
}

function timeLeft(untilMs: number, nowMs: number): string {
  const leftSecs = Math.ceil((untilMs - nowMs) / 1_000);
  return leftSecs <= 0 ? "ending now" : `${formatDuration(leftSecs)} left`;
}
