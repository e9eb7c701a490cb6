import type { Capacity } from "../src/domain/capacity.ts";
import type { Proposal, ScaleChange } from "../src/domain/proposal.ts";
import { SECOND_MS } from "../src/domain/time-window.ts";
import { UpstreamError, UserError } from "../src/errors.ts";
import type { CapacityHold } from "../src/ports.ts";
import type { JobContext } from "./context.ts";
import { scalerOf } from "./service-ports.ts";

/**
 * Raises a service's capacity as approved, and gives the calls that did it. What to put back is written down before
 * the group is touched.
 *
 * @throws {UserError} `scale-held`, `scale-too-late`
 */
export async function applyScale(
  proposal: Proposal,
  change: ScaleChange,
  signal: AbortSignal,
  context: JobContext,
): Promise<readonly string[]> {
  const scaler = scalerOf(change.service, context);
  const begun = await holdOf(proposal, change, context);
  const hold = begun ?? (await takeHold(proposal, change, await scaler.read(signal), context));
  const { calls } = await scaler.raiseTo(change.toInstances, { signal });
  if ((await holdOf(proposal, change, context)) === null) {
    // Undone while the group was being raised, so nothing would put it back later.
    await scaler.restore(hold.before, { raisedTo: change.toInstances, signal });
  }
  if (calls.length > 0) return calls;
  return [
    begun === null
      ? "The group had this capacity already; nothing to change."
      : "An earlier run of this action, which was interrupted, had raised the group.",
  ];
}

async function takeHold(
  proposal: Proposal,
  change: ScaleChange,
  before: Capacity,
  context: JobContext,
): Promise<CapacityHold> {
  const hold: CapacityHold = {
    proposalId: proposal.id,
    service: change.service,
    before,
    channelId: proposal.channelId,
    untilMs: context.clock.now() + change.durationSecs * SECOND_MS,
  };
  if (await context.store.holdCapacity(hold)) return hold;
  // Another run of this very action may have been faster, which is as good.
  const held = await holdOf(proposal, change, context);
  if (held !== null) return held;
  throw new UpstreamError("scale-contended", `Another change of ${change.service} ended just now`, { retryable: true });
}

/** Gives what this action holds of the service's capacity already; null where nobody holds any. */
async function holdOf(
  proposal: Proposal,
  { service }: ScaleChange,
  { store, clock }: JobContext,
): Promise<CapacityHold | null> {
  const hold = (await store.capacityHolds()).find((one) => one.service === service);
  if (hold === undefined) return null;
  if (hold.proposalId !== proposal.id) {
    throw new UserError(
      "scale-held",
      `${service} was scaled by an earlier change that has not ended; undo that one first, or wait for its end.`,
    );
  }
  if (hold.untilMs > clock.now()) return hold;
  throw new UserError(
    "scale-too-late",
    `${service} was not scaled: it was interrupted, and its time was over before it could go on. Ask for it again where it is still needed.`,
  );
}
