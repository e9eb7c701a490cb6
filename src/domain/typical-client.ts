import type { Breakdown, DimensionBreakdown } from "./traffic.ts";

/**
 * Gives how many times as much the typical client sends as the typical one did before: the ratio of the medians over
 * the clients of each window. A few heavy clients do not move it, nor does a crowd that is as busy as ever; one more of
 * whatever size does not even where there are few.
 *
 * 1 where clients were not counted, where they are too many to be listed down to the middle one, and where they send
 * less: clients that ask once do not make others idle.
 */
export function busierRatio({ by, baseline, spike }: Breakdown): number {
  // Of the two in the middle of an even number, these are the ones that make it least.
  const usual = atRank(by.ip, "baseline", Math.floor((baseline.clients - 1) / 2));
  const now = atRank(by.ip, "spike", Math.floor(spike.clients / 2));
  return usual === null || now === null ? 1 : Math.max(1, now / usual);
}

/** @param rank 0 for the heaviest */
function atRank(listed: DimensionBreakdown | undefined, window: "baseline" | "spike", rank: number): number | null {
  const counts = (listed?.rows ?? []).map((row) => row[window].requests).filter((requests) => requests > 0);
  counts.sort((a, b) => b - a);
  return counts[rank] ?? null;
}
