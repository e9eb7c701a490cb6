import type { Proposal } from "../src/domain/proposal.ts";
import { record, SPILLWAY } from "../src/record.ts";
import { showCard, showLater } from "./card.ts";
import type { JobContext } from "./context.ts";
import { tellFailed } from "./tell.ts";

/**
 * Ends a proposal that has a failed receipt, and tells why under its card. May be repeated; until it is ended, it is told
 * again rather than not at all.
 *
 * A call may have gone through before a later one failed: what was begun ends now, and the sweep takes it out. The state
 * moves last, as only before that the sweep finds what was left by an interruption: told twice is better than never.
 */
export async function closeFailed(proposal: Proposal, why: string, context: JobContext): Promise<void> {
  const { id, channelId, incidentId } = proposal;
  const { store, clock } = context;
  const atMs = clock.now();
  const begun = await store.blocks({ proposalId: id, state: ["pending", "active"] });
  const lasting = begun.filter(({ expiresMs }) => expiresMs > atMs).map((block) => block.id);
  if (lasting.length > 0) await store.extendBlocks(lasting, atMs);
  await record(context, {
    key: `failure:${id}`,
    kind: "failure",
    channelId,
    incidentId,
    actor: SPILLWAY,
    text: `Not carried out: ${why}`,
  });
  if ((await store.proposal(id))?.state !== "failed") await tellFailed(proposal, `Not carried out. ${why}`, context);
  await showLater(id, context);
  await store.moveProposal({ id, from: "executing", to: "failed", by: null, atMs });
  await store.moveProposal({ id, from: "approved", to: "failed", by: null, atMs });
  await showCard(id, context);
}
