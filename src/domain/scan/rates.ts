import { sum } from "../robust.ts";
import type { CubeCell } from "./cube.ts";

/** A cell of which only some requests count: errors, misses, stalls, of all there were. */
export interface RateCell {
  readonly values: readonly (string | null)[];
  readonly baseline: { readonly events: number; readonly all: number };
  readonly spike: { readonly events: number; readonly all: number };
}

/**
 * Gives cells whose baseline is the events that the spike's requests would have had at the usual rate of their cell, so
 * that a slice is named for getting worse rather than for being asked more often. Scan them with a time factor of 1.
 *
 * A cell's usual rate is smoothed by `priorRequests` at the rate of all, since most cells are small.
 *
 * @example
 * expectedByRate(
 *   [{ values: ["/pay"], baseline: { events: 5, all: 450 }, spike: { events: 90, all: 1_000 } }],
 *   50,
 * )[0]?.baseline; // 11.1
 */
export function expectedByRate(cells: readonly RateCell[], priorRequests: number): readonly CubeCell[] {
  const events = sum(cells.map(({ baseline }) => baseline.events));
  const all = sum(cells.map(({ baseline }) => baseline.all));
  const usualRate = all > 0 ? events / all : 0;
  return cells.map(({ values, baseline, spike }) => {
    const seen = baseline.all + priorRequests;
    const rate = seen > 0 ? (baseline.events + priorRequests * usualRate) / seen : usualRate;
    return { values, baseline: spike.all * rate, spike: spike.events };
  });
}
