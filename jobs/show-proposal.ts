import { proposalMessage } from "../src/slack/views/proposal.ts";
import type { JobContext } from "./context.ts";

/** Brings a proposal's card up to date with what the store holds. */
export async function showProposal(proposalId: string, context: JobContext): Promise<void> {
  const proposal = await context.store.proposal(proposalId);
  if (proposal === null || proposal.messageTs === null) return;
  const receipt = await context.store.receipt(proposalId);
  const blocks = await context.store.blocks({ proposalId });
  await context.messenger.update(
    { channelId: proposal.channelId, ts: proposal.messageTs },
    proposalMessage({ proposal, receipt, blocks, nowMs: context.clock.now() }),
  );
}
