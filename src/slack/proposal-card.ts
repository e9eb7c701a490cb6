import type { Ports } from "../ports.ts";
import { proposalMessage } from "./views/proposal.ts";

/**
 * Brings a proposal's card up to date with what the store holds.
 *
 * @throws {UpstreamError} where the store or Slack did not answer; the card is only a view, so nothing is lost
 */
export async function showProposal(
  proposalId: string,
  { store, messenger, clock }: Pick<Ports, "store" | "messenger" | "clock">,
): Promise<void> {
  const proposal = await store.proposal(proposalId);
  if (proposal === null || proposal.messageTs === null) return;
  const [receipt, blocks, holds, end] = await Promise.all([
    store.receipt(proposalId),
    store.blocks({ proposalId }),
    store.capacityHolds(),
    store.capacityEnd(proposalId),
  ]);
  const hold = holds.find((held) => held.proposalId === proposalId) ?? null;
  await messenger.update(
    { channelId: proposal.channelId, ts: proposal.messageTs },
    proposalMessage({ proposal, receipt, blocks, hold, end, nowMs: clock.now() }),
  );
}
