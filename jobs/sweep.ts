import type { Block } from "../src/domain/proposal.ts";
import { MINUTE_MS } from "../src/domain/time-window.ts";
import type { JobRun } from "../src/queue/jobs.ts";
import { showProposal } from "../src/slack/proposal-card.ts";
import type { JobContext } from "./context.ts";
import { endBlocks, endHold } from "./undo.ts";

/** An approved proposal without a receipt for so long was interrupted, not slow. */
const UNFINISHED_AFTER_MS = MINUTE_MS;

/**
 * Brings the world in line with the store: ends what has reached its end, takes up what a crash left. Times live in
 * the store, so a lost queue or a stopped process delays an end and never loses it.
 */
export async function sweep(run: JobRun<"sweep">, context: JobContext): Promise<void> {
  const nowMs = context.clock.now();
  const failures: unknown[] = [];
  const attempt = async (step: () => Promise<void>) => step().catch((error: unknown) => void failures.push(error));

  for (const blocks of byProposal(await context.store.dueBlocks(nowMs))) {
    await attempt(async () => {
      await endBlocks(blocks, { to: "expired", by: null, signal: run.signal }, context);
      await showProposal(blocks[0].proposalId, context);
    });
  }
  for (const hold of await context.store.capacityHolds()) {
    if (hold.untilMs > nowMs) continue;
    await attempt(async () => {
      await endHold(hold, { by: null, signal: run.signal }, context);
      await showProposal(hold.proposalId, context);
    });
  }
  for (const proposal of await context.store.openProposals()) {
    if (proposal.state !== "pending" || proposal.expiresMs > nowMs) continue;
    await attempt(async () => {
      const move = { id: proposal.id, from: "pending", to: "expired", by: null, atMs: nowMs } as const;
      if (await context.store.moveProposal(move)) await showProposal(proposal.id, context);
    });
  }
  for (const proposal of await context.store.unfinishedProposals(nowMs - UNFINISHED_AFTER_MS)) {
    await attempt(() => context.queue.enqueue("apply", { proposalId: proposal.id }, { id: `apply-${proposal.id}` }));
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} steps of the sweep failed`);
}

type SomeBlocks = readonly [Block, ...Block[]];

function byProposal(blocks: readonly Block[]): SomeBlocks[] {
  const groups = new Map<string, [Block, ...Block[]]>();
  for (const block of blocks) {
    const group = groups.get(block.proposalId);
    if (group === undefined) groups.set(block.proposalId, [block]);
    else group.push(block);
  }
  return [...groups.values()];
}
