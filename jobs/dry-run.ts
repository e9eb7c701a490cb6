import type { Proposal } from "../src/domain/proposal.ts";
import { isDryRun } from "../src/dry-run.ts";
import { previewChange } from "../src/preview.ts";
import type { JobContext } from "./context.ts";

/**
 * Says what an approved change would call, where it is not to be done; null where it is.
 *
 * What was approved as a dry run stays one. What was meant, and begun, is finished even if `spillway.yaml` says by now
 * that nothing is to be changed: half of a change is worse than either.
 */
export async function dryRunCalls(
  proposal: Proposal,
  signal: AbortSignal,
  context: JobContext,
): Promise<readonly string[] | null> {
  const { change, incidentId } = proposal;
  const incident = incidentId === null ? null : await context.store.incident(incidentId);
  if (incident?.isDrill) return [DRILL];
  const isDry = change.dryRun ?? (isDryRun(context.config, change.service) && !(await isBegun(proposal, context)));
  if (!isDry) return null;
  const calls = await previewChange(change, { services: context.services, signal });
  return calls.length > 0 ? calls : ["None: everything is as it should be already."];
}

const DRILL = "None: this is a drill, so nothing is called.";

async function isBegun({ id }: Proposal, { store }: JobContext): Promise<boolean> {
  const [blocks, holds] = await Promise.all([store.blocks({ proposalId: id }), store.capacityHolds()]);
  return blocks.length > 0 || holds.some(({ proposalId }) => proposalId === id);
}
