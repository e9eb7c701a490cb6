import { AsyncLocalStorage } from "node:async_hooks";
import type { Proposal } from "./domain/proposal.ts";

/** What a call to the outside is made for. */
export type Cause = Readonly<{ proposalId: string; incidentId: string | null }>;

const causes = new AsyncLocalStorage<Cause>();

/**
 * Does work on behalf of a proposal: every call to AWS made in it, however deep, carries the proposal's and the
 * incident's ids in its user agent, so that CloudTrail can be joined with the audit log.
 */
export function actingFor<Result>(
  { id, incidentId }: Pick<Proposal, "id" | "incidentId">,
  work: () => Promise<Result>,
): Promise<Result> {
  return causes.run({ proposalId: id, incidentId }, work);
}

/** What is acted for here; null for what no proposal asked for. */
export function cause(): Cause | null {
  return causes.getStore() ?? null;
}
