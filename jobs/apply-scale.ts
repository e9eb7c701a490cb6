import type { Proposal, ScaleChange } from "../src/domain/proposal.ts";
import { SECOND_MS } from "../src/domain/time-window.ts";
import { UserError } from "../src/errors.ts";
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
  const isBegun = await isHeld(proposal, change, context);
  if (!isBegun) {
    const isKept = await context.store.holdCapacity({
      proposalId: proposal.id,
      service: change.service,
      before: await scaler.read(signal),
      channelId: proposal.channelId,
      untilMs: context.clock.now() + change.durationSecs * SECOND_MS,
    });
    // Another run of this very action may have been faster, which is as good.
    if (!isKept) await isHeld(proposal, change, context);
  }
  const { calls } = await scaler.raiseTo(change.toInstances, { signal });
  if (calls.length > 0) return calls;
  return [
    isBegun
      ? "An earlier run of this action, which was interrupted, had raised the group."
      : "The group had this capacity already; nothing to change.",
  ];
}

/** Tells whether this action holds the service's capacity already. */
async function isHeld(proposal: Proposal, { service }: ScaleChange, { store, clock }: JobContext): Promise<boolean> {
  const hold = (await store.capacityHolds()).find((one) => one.service === service);
  if (hold === undefined) return false;
  if (hold.proposalId !== proposal.id) {
    throw new UserError(
      "scale-held",
      `${service} was scaled by an earlier change that has not ended; undo that one first, or wait for its end.`,
    );
  }
  if (hold.untilMs > clock.now()) return true;
  throw new UserError(
    "scale-too-late",
    `${service} was not scaled: it was interrupted, and its time was over before it could go on. Ask for it again where it is still needed.`,
  );
}
