import type { Receipt } from "../src/domain/proposal.ts";
import { MINUTE_MS, SECOND_MS } from "../src/domain/time-window.ts";
import type { JobContext } from "./context.ts";

/**
 * Enqueues the look after each change in force that is overdue: the queue lost it, and with it the watch. Every look
 * leaves what it saw, also one that failed, and the last one that it was the last, so that this ends.
 */
export async function enqueueMissedChecks(context: JobContext): Promise<void> {
  const { store, queue, clock, config } = context;
  const [blocks, holds] = await Promise.all([store.blocks({ state: ["active"] }), store.capacityHolds()]);
  const everyMs = config.check.everySecs * SECOND_MS;
  for (const proposalId of new Set([...blocks, ...holds].map((held) => held.proposalId))) {
    const receipt = await store.receipt(proposalId);
    if (receipt?.outcome !== "applied" || isWatched(receipt, clock.now() - everyMs - MINUTE_MS)) continue;
    const rounds = Math.floor((clock.now() - receipt.appliedMs) / everyMs);
    const round = Math.max(1, Math.min(config.check.rounds, rounds));
    await queue.enqueue("check", { proposalId, round }, { id: `check-${proposalId}-${round}` });
  }
}

/** Whether nothing is overdue: the last look was the last of all, or is not long ago. */
function isWatched({ appliedMs, check }: Receipt, overdueMs: number): boolean {
  if (check === null) return appliedMs > overdueMs;
  // A look from before there was a watch is not taken again.
  return check.isFinal !== false || check.checkedMs > overdueMs;
}
