import type { Capacity } from "../src/domain/capacity.ts";
import type { Proposal, ScaleChange } from "../src/domain/proposal.ts";
import { scaleEndMs } from "../src/domain/scale-span.ts";
import { UpstreamError, UserError } from "../src/errors.ts";
import type { CapacityHold } from "../src/ports/remembered.ts";
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
  if ((await context.store.capacityEnd(proposal.id)) !== null) {
    // Another run of this very action was faster, and its change was undone already.
    await context.store.dropCapacityHold(proposal.id);
    return ["Undone before this run could raise the group; nothing was changed."];
  }
  const { calls } = await scaler.raiseTo(change.toInstances, {
    mayRaiseMax: change.raisesMaxFrom !== undefined,
    signal,
  });
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
  const nowMs = context.clock.now();
  const untilMs = scaleEndMs(change, nowMs);
  if (untilMs <= nowMs) throw tooLate(change);
  const hold: CapacityHold = {
    proposalId: proposal.id,
    service: change.service,
    before,
    channelId: proposal.channelId,
    untilMs,
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
  change: ScaleChange,
  { store, clock }: JobContext,
): Promise<CapacityHold | null> {
  const { service } = change;
  const hold = (await store.capacityHolds()).find((one) => one.service === service);
  if (hold === undefined) return null;
  if (hold.proposalId !== proposal.id) {
    throw new UserError(
      "scale-held",
      `${service} was scaled by an earlier change that has not ended; undo that one first, or wait for its end.`,
    );
  }
  if (hold.untilMs > clock.now()) return hold;
  throw tooLate(change);
}

function tooLate({ service }: ScaleChange): UserError {
  return new UserError(
    "scale-too-late",
    `${service} was not scaled: its time was over before it could be. Ask for it again where it is still needed.`,
  );
}
