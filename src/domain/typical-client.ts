import type { Breakdown, DimensionBreakdown, TrafficCounts } from "./traffic.ts";

/**
 * Gives how many times as much the typical client sends as the typical one did before: the ratio of the medians over
 * the clients of each window. A few heavy clients do not move it, nor does a crowd that is as busy as ever.
 *
 * 1 where clients were not counted, where they are too many to be listed down to the middle one, and where they send
 * less: clients that ask once do not make others idle.
 */
export function busierRatio({ by, baseline, spike }: Breakdown): number {
  const usual = medianOf(by.ip, "baseline", baseline);
  const now = medianOf(by.ip, "spike", spike);
  return usual === null || now === null ? 1 : Math.max(1, now / usual);
}

function medianOf(
  listed: DimensionBreakdown | undefined,
  window: "baseline" | "spike",
  { clients }: TrafficCounts,
): number | null {
  const counts = (listed?.rows ?? []).map((row) => row[window].requests).filter((requests) => requests > 0);
  counts.sort((a, b) => b - a);
  return counts[Math.floor(clients / 2)] ?? null;
}
