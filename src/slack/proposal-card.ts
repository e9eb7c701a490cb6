import type { Ports } from "../ports.ts";
import { proposalMessage } from "./views/proposal.ts";

/** Each time Slack made it wait, what it shows may be old by then; who moves it on later shows it, too. */
const MAX_SHOWS = 3;

/**
 * Brings a proposal's card up to date with what the store holds, also with what came while Slack made it wait.
 *
 * @throws {UpstreamError} where the store or Slack did not answer; the card is only a view, so nothing is lost
 */
export async function showProposal(
  proposalId: string,
  ports: Pick<Ports, "store" | "messenger" | "clock" | "config">,
): Promise<void> {
  let shown: string | null = null;
  for (let shows = 0; shows < MAX_SHOWS; shows += 1) {
    const card = await cardOf(proposalId, ports);
    if (card === null || card.state === shown) return;
    await ports.messenger.update(card.at, card.message);
    shown = card.state;
  }
}

async function cardOf(proposalId: string, { store, clock, config }: Pick<Ports, "store" | "clock" | "config">) {
  const proposal = await store.proposal(proposalId);
  if (proposal === null || proposal.messageTs === null) return null;
  const [receipt, blocks, holds, end] = await Promise.all([
    store.receipt(proposalId),
    store.blocks({ proposalId }),
    store.capacityHolds(),
    store.capacityEnd(proposalId),
  ]);
  // One that has ended is still written down until that was shown.
  const hold = end === null ? (holds.find((held) => held.proposalId === proposalId) ?? null) : null;
  return {
    /** What the card is made of, but for the time. */
    state: JSON.stringify([proposal, receipt, blocks, hold, end]),
    at: { channelId: proposal.channelId, ts: proposal.messageTs },
    message: proposalMessage({
      proposal,
      receipt,
      blocks,
      hold,
      end,
      policy: config.approvals,
      nowMs: clock.now(),
    }),
  };
}
