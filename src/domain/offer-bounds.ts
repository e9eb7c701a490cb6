import { contains } from "./address.ts";
import type { AnalysisInput } from "./analysis-input.ts";
import { guardBlock } from "./guard.ts";
import type { GuiltySlice } from "./slices.ts";
import type { TrafficCounts } from "./traffic.ts";

type Limits = Pick<AnalysisInput["limits"], "neverBlock" | "guarded">;

/** Whether a network that is dealt with already holds an address. */
export function isWithin(address: string, networks: readonly string[]): boolean {
  return networks.some((network) => contains(network, address));
}

/** Whether no guard forbids to touch an address, by whatever measure. */
export function isBlockable(address: string, limits: Limits): boolean {
  return guarded([address], limits).refused.length === 0;
}

/** Says which addresses guards let through. */
export function guarded(addresses: readonly string[], limits: Limits) {
  return guardBlock({ addresses, neverBlock: limits.neverBlock, ...(limits.guarded && { ranges: limits.guarded }) });
}

/** What a block, or a limit, may hit of the usual requests, in all; chosen so that it is far below what the excess does to them. */
const MAX_BASELINE_HARMED = 0.005;

/**
 * Takes the guilty in order of their excess, and leaves out whoever would push the harm over the budget. Of requests, and
 * of clients, since one crawler has the requests of many people; one client is always allowed.
 *
 * @param harmOf what of the usual traffic it takes to deal with one of them; all that it sent, where nothing is said
 */
export function withinHarm(
  guilty: readonly GuiltySlice[],
  baseline: TrafficCounts,
  harmOf: (slice: GuiltySlice) => Pick<TrafficCounts, "requests" | "clients"> = ({ row }) => row.baseline,
): readonly GuiltySlice[] {
  const budget = {
    requests: MAX_BASELINE_HARMED * baseline.requests,
    clients: Math.max(1, MAX_BASELINE_HARMED * baseline.clients),
  };
  const harmed = { requests: 0, clients: 0 };
  return guilty.filter((slice) => {
    const harm = harmOf(slice);
    const requests = harmed.requests + harm.requests;
    const clients = harmed.clients + harm.clients;
    const isWithin = requests <= budget.requests && clients <= budget.clients;
    if (isWithin) Object.assign(harmed, { requests, clients });
    return isWithin;
  });
}
