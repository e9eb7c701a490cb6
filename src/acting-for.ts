import { AsyncLocalStorage } from "node:async_hooks";
import type { Proposal } from "./domain/proposal.ts";

/** What a call to the outside is made for. */
export type Cause = Readonly<{ proposalId: string; incidentId: string | null }>;

const causes = new AsyncLocalStorage<readonly Cause[]>();

/**
 * Does work on behalf of a proposal: every call to AWS made in it, however deep, carries the proposal's and the
 * incident's ids in its user agent, so that CloudTrail can be joined with the audit log.
 */
export function actingFor<Result>(
  { id, incidentId }: Pick<Proposal, "id" | "incidentId">,
  work: () => Promise<Result>,
): Promise<Result> {
  return actingForAll([{ proposalId: id, incidentId }], work);
}

/** Does what several asked for in one: each call carries the ids of all of them. */
export function actingForAll<Result>(all: readonly Cause[], work: () => Promise<Result>): Promise<Result> {
  const distinct = new Map(all.map((cause) => [cause.proposalId, cause]));
  return causes.run([...distinct.values()], work);
}

/** What is acted for here; empty for what no proposal asked for. */
export function actedFor(): readonly Cause[] {
  return causes.getStore() ?? [];
}
