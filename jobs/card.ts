import { UpstreamError } from "../src/errors.ts";
import type { JobRun } from "../src/queue/jobs.ts";
import { showProposal } from "../src/slack/proposal-card.ts";
import type { JobContext } from "./context.ts";
import { asPassing } from "./tell.ts";

/** Slack's outages are seldom over sooner. */
const SHOW_AGAIN_MS = 5_000;

/** Shows a proposal's card as it is by now. */
export async function card(run: JobRun<"card">, context: JobContext): Promise<void> {
  try {
    await showProposal(run.payload.proposalId, context);
  } catch (error) {
    throw asPassing(error);
  }
}

/**
 * Shows a proposal's card after something was done. What was done stands whether Slack takes the card or not, so a
 * failure is left to a job of its own and never thrown.
 */
export async function showCard(proposalId: string, context: JobContext): Promise<void> {
  try {
    await showProposal(proposalId, context);
  } catch (error) {
    context.log.warn({ err: error, proposalId }, "card not shown");
    const passing = asPassing(error);
    if (passing instanceof UpstreamError && passing.retryable) await showLater(proposalId, context);
  }
}

/** Has a job of its own show a card, also where this process dies of what it does next. */
export async function showLater(proposalId: string, { queue, log }: JobContext): Promise<void> {
  try {
    await queue.enqueue("card", { proposalId }, { id: `card-${proposalId}`, delayMs: SHOW_AGAIN_MS });
  } catch (error) {
    log.warn({ err: error, proposalId }, "card not shown later either");
  }
}
