import { MINUTE_MS, SECOND_MS } from "../src/domain/time-window.ts";
import type { JobContext } from "./context.ts";

/**
 * Enqueues the look after each change in force that nobody has looked at though it was due: the queue lost it. Every
 * look leaves what it saw, also one that failed, so that this ends.
 */
export async function enqueueMissedChecks(context: JobContext): Promise<void> {
  const { store, queue, clock, config } = context;
  const [blocks, holds] = await Promise.all([store.blocks({ state: ["active"] }), store.capacityHolds()]);
  const missedMs = clock.now() - config.check.everySecs * SECOND_MS - MINUTE_MS;
  for (const proposalId of new Set([...blocks, ...holds].map((held) => held.proposalId))) {
    const receipt = await store.receipt(proposalId);
    if (receipt?.outcome !== "applied" || receipt.check !== null || receipt.appliedMs > missedMs) continue;
    await queue.enqueue("check", { proposalId, round: 1 }, { id: `check-${proposalId}-1` });
  }
}
