import type { Message } from "../ports/messenger.ts";
import type { Ports } from "../ports.ts";
import { doubtsAbout } from "./rule-doubts.ts";
import { proposalMessage } from "./views/proposal.ts";
import { refusalOf } from "./web-api.ts";

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
    await show(proposalId, card, ports);
    shown = card.state;
  }
}

/** Where somebody deleted the card, there is a new one: what it says, and its buttons, are needed. */
async function show(
  proposalId: string,
  { at, message }: { readonly at: { readonly channelId: string; readonly ts: string }; readonly message: Message },
  { store, messenger }: Pick<Ports, "store" | "messenger">,
): Promise<void> {
  try {
    await messenger.update(at, message);
  } catch (error) {
    if (refusalOf(error) !== "message_not_found") throw error;
    const { ts } = await messenger.post({ channelId: at.channelId }, message);
    await store.setProposalMessage(proposalId, ts);
  }
}

async function cardOf(proposalId: string, { store, clock, config }: Pick<Ports, "store" | "clock" | "config">) {
  const proposal = await store.proposal(proposalId);
  if (proposal === null || proposal.messageTs === null) return null;
  const [receipt, blocks, holds, end, doubts] = await Promise.all([
    store.receipt(proposalId),
    store.blocks({ proposalId }),
    store.capacityHolds(),
    store.capacityEnd(proposalId),
    doubtsAbout(proposal.change, { store }),
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
      doubts,
      policy: config.approvals,
      nowMs: clock.now(),
    }),
  };
}
