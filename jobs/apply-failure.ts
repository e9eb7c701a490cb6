import type { Proposal } from "../src/domain/proposal.ts";
import { record, SPILLWAY } from "../src/record.ts";
import { failureMessage } from "../src/slack/views/failure.ts";
import { showCard, showLater } from "./card.ts";
import type { JobContext } from "./context.ts";

/**
 * Ends a proposal that has a failed receipt, and tells so. May be repeated.
 *
 * A call may have gone through before a later one failed: what was begun ends now, and the sweep takes it out. The state
 * moves last, as only before that the sweep finds what was left by an interruption: told twice is better than never.
 */
export async function closeFailed(proposal: Proposal, why: string, context: JobContext): Promise<void> {
  const { id, channelId, incidentId } = proposal;
  const { store, clock } = context;
  const atMs = clock.now();
  const begun = await store.blocks({ proposalId: id, state: ["pending", "active"] });
  if (begun.length > 0)
    await store.extendBlocks(
      begun.map((block) => block.id),
      atMs,
    );
  await context.messenger
    .post({ channelId }, failureMessage({ what: `Not carried out. ${why}`, errorId: null }))
    .catch((error: unknown) => context.log.warn({ err: error, proposalId: id }, "failure not told"));
  await record(context, {
    key: `failure:${id}`,
    kind: "failure",
    channelId,
    incidentId,
    actor: SPILLWAY,
    text: `Not carried out: ${why}`,
  });
  await showLater(id, context);
  await store.moveProposal({ id, from: "executing", to: "failed", by: null, atMs });
  await store.moveProposal({ id, from: "approved", to: "failed", by: null, atMs });
  await showCard(id, context);
}
