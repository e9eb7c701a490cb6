import { overdispersion } from "./baseline.ts";
import { valuesIn } from "./movement.ts";
import { mean } from "./robust.ts";
import type { Comparison } from "./slices.ts";
import type { Breakdown, TrafficSeries } from "./traffic.ts";

const SIGMAS_95 = 1.96;

/**
 * Gives within which a share of the excess lies with about 95 %, for a part whose requests are counted exactly: what
 * would have come without the spike has the error of the baseline's mean, and its own ups and downs.
 *
 * @param removed requests of the part beyond its own usual ones
 */
export function excessShareBetween(
  removed: number,
  { series, breakdown, comparison }: { series: TrafficSeries; breakdown: Breakdown; comparison: Comparison },
): readonly [number, number] | null {
  if (comparison.excess <= 0) return null;
  const counts = valuesIn(
    { startMs: series.startMs, stepMs: series.stepMs, values: series.requests },
    breakdown.baselineWindow,
  );
  if (counts.length < 2) return null;
  const dispersion = overdispersion(counts);
  const perStep = mean(counts);
  const steps = comparison.expected / Math.max(1e-9, perStep);
  // The mean of n steps, taken times `steps`, and the counts of that many steps themselves.
  const variance = dispersion * perStep * (steps + steps ** 2 / counts.length);
  const error = SIGMAS_95 * Math.sqrt(variance);
  const share = (excess: number) => (excess > 0 ? Math.min(1, Math.max(0, removed / excess)) : 1);
  return [share(comparison.excess + error), share(comparison.excess - error)];
}
