import type { CapacityHold } from "../src/ports.ts";
import { record, SPILLWAY } from "../src/record.ts";
import type { JobContext } from "./context.ts";
import type { Ending } from "./end-blocks.ts";
import { scalerOf } from "./service-ports.ts";

/** Puts capacity back as it was before the change, but for what somebody else changed since. */
export async function endHold(hold: CapacityHold, end: Ending, context: JobContext): Promise<void> {
  const { store } = context;
  // A later scale-out may hold the service by now; that one is not to be put back.
  const isHeld = (await store.capacityHolds()).some(({ proposalId }) => proposalId === hold.proposalId);
  if (!isHeld) return;
  const proposal = await store.proposal(hold.proposalId);
  const { left } = await scalerOf(hold.service, context).restore(hold.before, {
    ...(proposal?.change.kind === "scale" && { raisedTo: proposal.change.toInstances }),
    signal: end.signal,
  });
  await record(context, {
    key: `scale-back:${hold.proposalId}`,
    kind: "undo",
    channelId: hold.channelId,
    incidentId: proposal?.incidentId ?? null,
    actor: end.by ?? SPILLWAY,
    text: [`The scale-out of ${hold.service} ended: ${end.because}.`, ...left].join(" "),
  });
  await store.dropCapacityHold(hold.proposalId);
}
