import type { Person, Proposal } from "../src/domain/proposal.ts";
import { startsLater } from "../src/domain/scale-span.ts";
import { formatUtc } from "../src/domain/utc.ts";
import { record } from "../src/record.ts";
import { showCard } from "./card.ts";
import type { JobContext } from "./context.ts";

/**
 * Calls off what was approved for later and has not begun; false where there is no such thing. Of this and its beginning
 * exactly one moves the row. May be repeated.
 */
export async function callOff(proposal: Proposal, by: Person, context: JobContext): Promise<boolean> {
  const { store, clock } = context;
  const { id, change } = proposal;
  if (change.kind !== "scale" || change.startMs === undefined) return false;
  const atMs = clock.now();
  const isWaiting = proposal.state === "approved" && startsLater(change, atMs);
  if (isWaiting) await store.moveProposal({ id, from: "approved", to: "failed", by: null, atMs });
  // Without a receipt nothing was tried: only this ends a proposal so.
  const isOff = (await store.proposal(id))?.state === "failed" && (await store.receipt(id)) === null;
  if (!isOff) return false;
  await store.addCapacityEnd({ proposalId: id, kind: "called-off", by, atMs });
  await record(context, {
    key: `called-off:${id}`,
    kind: "undo",
    channelId: proposal.channelId,
    incidentId: proposal.incidentId,
    actor: by,
    text: `Called off the scale-out of ${change.service} planned for ${formatUtc(change.startMs)}; nothing was changed.`,
    messageTs: proposal.messageTs,
  });
  await showCard(id, context);
  return true;
}
