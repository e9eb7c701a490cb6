import type { KnownBlock } from "@slack/types";
import { formatNetwork } from "../../domain/address.ts";
import { formatDuration } from "../../domain/duration.ts";
import type { Block } from "../../domain/proposal.ts";
import { formatUtcTime } from "../../domain/utc.ts";
import type { Message } from "../../ports.ts";
import { context, section, table } from "../block-kit.ts";
import { plural } from "./numbers.ts";

const MAX_ROWS = 40;

/** What is blocked now, what ends soonest first. */
export function blocksMessage({
  blocks,
  nowMs,
}: {
  readonly blocks: readonly Block[];
  readonly nowMs: number;
}): Message {
  if (blocks.length === 0) {
    const text = "Spillway blocks nothing now.";
    return { text, blocks: [section(text)] satisfies KnownBlock[] };
  }
  const text = `${plural(blocks.length, "address is", "addresses are")} blocked now.`;
  const sorted = [...blocks].sort((a, b) => a.expiresMs - b.expiresMs);
  const rows = sorted
    .slice(0, MAX_ROWS)
    .map((block) => [
      formatNetwork(block.address),
      block.service,
      timeLeft(block, nowMs),
      block.blockedBy.name,
      block.reason,
    ]);
  const left = blocks.length - rows.length;
  return {
    text,
    blocks: [
      section(`*${text}*`),
      table(
        [["Address", "Service", "Ends", "Approved by", "Why"], ...rows],
        ["left", "left", "right", "left", "wrapped"],
      ),
      context(
        `${left > 0 ? `${plural(left, "more address", "more addresses")} not shown. ` : ""}As of ${formatUtcTime(nowMs)}. Lift one with \`/unblock ADDRESS\`.`,
      ),
    ] satisfies KnownBlock[],
  };
}

function timeLeft(block: Block, nowMs: number): string {
  const leftSecs = Math.ceil((block.expiresMs - nowMs) / 1_000);
  if (leftSecs <= 0) return "ending now";
  return block.state === "pending" ? "being applied" : `${formatDuration(leftSecs)} left`;
}
