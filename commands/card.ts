import type { Proposal } from "../src/domain/proposal.ts";
import { UserError } from "../src/errors.ts";
import { proposalMessage } from "../src/slack/views/proposal.ts";
import type { CommandContext } from "./context.ts";

/** @throws {UserError} `proposal-unknown` for a button of a card that outlived its row */
export async function proposalFor(id: string, { store }: CommandContext): Promise<Proposal> {
  const proposal = await store.proposal(id);
  if (proposal !== null) return proposal;
  throw new UserError(
    "proposal-unknown",
    "This proposal is not known any more; nothing was changed. Ask for it again.",
  );
}

/** Brings a proposal's card up to date with what the store holds. What it shows is only a view, so it may fail. */
export async function refreshCard(proposalId: string, context: CommandContext): Promise<void> {
  const { store, messenger, clock, log } = context;
  try {
    const proposal = await store.proposal(proposalId);
    if (proposal === null || proposal.messageTs === null) return;
    const [receipt, blocks, holds] = await Promise.all([
      store.receipt(proposalId),
      store.blocks({ proposalId }),
      store.capacityHolds(),
    ]);
    const hold = holds.find((held) => held.proposalId === proposalId) ?? null;
    const card = proposalMessage({ proposal, receipt, blocks, hold, nowMs: clock.now() });
    await messenger.update({ channelId: proposal.channelId, ts: proposal.messageTs }, card);
  } catch (error) {
    log.warn({ err: error, proposalId }, "card not refreshed");
  }
}
