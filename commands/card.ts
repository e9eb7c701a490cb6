import type { Proposal } from "../src/domain/proposal.ts";
import { UserError } from "../src/errors.ts";
import type { Click } from "../src/slack/command.ts";
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

/**
 * Finds the proposal of a card that was clicked on. Where the database was lost just after the card was posted, this is
 * the first to say which message it is.
 *
 * @throws {UserError} `proposal-unknown`
 */
export async function proposalClicked(
  { value, messageTs }: Pick<Click, "value" | "messageTs">,
  context: CommandContext,
): Promise<Proposal> {
  const proposal = await proposalFor(value, context);
  if (proposal.messageTs !== null || messageTs === "") return proposal;
  await context.store.setProposalMessage(proposal.id, messageTs);
  return { ...proposal, messageTs };
}

/** Brings a proposal's card up to date with what the store holds. What it shows is only a view, so it may fail. */
export async function refreshCard(proposalId: string, context: CommandContext): Promise<void> {
  try {
    await showProposal(proposalId, context);
  } catch (error) {
    context.log.warn({ err: error, proposalId }, "card not refreshed");
  }
}
