import { sum, weightedMedian } from "./robust.ts";
import type { Breakdown, Dimension, Rank, SliceRow } from "./traffic.ts";

/** What a guilty slice is looked for in: who sent it, and what was asked for. */
export const SCANNED = [
  "ip",
  "subnet",
  "net",
  "wideNet",
  "userAgent",
  "pathTemplate",
  "host",
  "refererHost",
  "queryShape",
  "status",
  "target",
] as const satisfies readonly Dimension[];

/** Of all excess of a measure: a value with less of it beyond what everybody grew by can be left out. */
const MIN_SHARE = 0.02;
/** The cells of a cube multiply with its values; more than so many of one dimension are no few that explain it. */
const MAX_VALUES = 12;

const MEASURED: readonly Rank[] = ["requests", "bytes", "backendSecs", "errors", "cacheMisses"];

/**
 * Chooses the values that carry at least a fiftieth of some excess beyond what the typical value of their dimension grew
 * by: the largest of each dimension. Where everybody grew alike there are none, and nobody to look for.
 */
export function cubeCandidates(
  breakdown: Breakdown,
  timeFactor: number,
): Partial<Record<Dimension, readonly string[]>> {
  const { by, baseline, spike } = breakdown;
  const excess = new Map(MEASURED.map((rank) => [rank, count(spike, rank) - timeFactor * count(baseline, rank)]));
  return Object.fromEntries(
    SCANNED.flatMap((dimension) => {
      const rows = by[dimension]?.rows ?? [];
      const typical = MEASURED.map((rank) => [rank, typicalGrowth(rows, rank, timeFactor)] as const);
      const weightOf = (row: SliceRow) =>
        Math.max(
          ...typical.map(([rank, ratio]) => {
            const all = excess.get(rank) ?? 0;
            const own = count(row.spike, rank) - ratio * timeFactor * count(row.baseline, rank);
            return all > 0 ? own / all : 0;
          }),
        );
      const values = rows
        .map((row) => ({ value: row.value, weight: weightOf(row) }))
        .filter(({ weight }) => weight >= MIN_SHARE)
        .sort((a, b) => b.weight - a.weight || (a.value < b.value ? -1 : 1))
        .slice(0, MAX_VALUES)
        .map(({ value }) => value);
      return values.length === 0 ? [] : [[dimension, values]];
    }),
  );
}

/** Never below one: where the typical value fell, what stayed the same did not grow. */
function typicalGrowth(rows: readonly SliceRow[], rank: Rank, timeFactor: number): number {
  const known = rows.filter((row) => count(row.baseline, rank) > 0);
  if (sum(known.map((row) => count(row.baseline, rank))) <= 0) return 1;
  const growth = known.map((row) => {
    const expected = timeFactor * count(row.baseline, rank);
    return { value: count(row.spike, rank) / expected, weight: expected };
  });
  return Math.max(1, weightedMedian(growth));
}

function count(counts: SliceRow["spike"], rank: Rank): number {
  return counts[rank] ?? 0;
}
