import type { Proposal } from "../src/domain/proposal.ts";
import { UserError } from "../src/errors.ts";
import { showProposal } from "../src/slack/proposal-card.ts";
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
  try {
    await showProposal(proposalId, context);
  } catch (error) {
    context.log.warn({ err: error, proposalId }, "card not refreshed");
  }
}
