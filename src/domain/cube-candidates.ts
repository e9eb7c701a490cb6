import type { Breakdown, Dimension, Rank, SliceRow } from "./traffic.ts";

/** What a guilty slice is looked for in, beside who sent it. */
const SCANNED: readonly Dimension[] = [
  "ip",
  "net",
  "subnet",
  "wideNet",
  "userAgent",
  "pathTemplate",
  "host",
  "refererHost",
  "queryShape",
  "status",
  "target",
];

/** A value with less of any excess can be left out of what is looked at together. */
const MIN_SHARE = 0.01;
const MAX_VALUES = 40;

const MEASURED: readonly Rank[] = ["requests", "bytes", "backendSecs", "errors", "cacheMisses"];

/** Chooses the values that carry at least a hundredth of some excess, or of what there is now; the largest of each dimension. */
export function cubeCandidates(
  { by, baseline, spike }: Breakdown,
  timeFactor: number,
): Partial<Record<Dimension, readonly string[]>> {
  const growthOf = (row: Pick<SliceRow, "baseline" | "spike">, rank: Rank) =>
    (row.spike[rank] ?? 0) - timeFactor * (row.baseline[rank] ?? 0);
  const excess = MEASURED.map((rank) => [rank, growthOf({ baseline, spike }, rank)] as const);
  const weightOf = (row: SliceRow) => {
    const ofExcess = excess.map(([rank, total]) => (total > 0 ? growthOf(row, rank) / total : 0));
    return Math.max(row.spike.requests / Math.max(1, spike.requests), ...ofExcess);
  };
  return Object.fromEntries(
    SCANNED.flatMap((dimension) => {
      const weighed = (by[dimension]?.rows ?? [])
        .map((row) => ({ value: row.value, weight: weightOf(row) }))
        .filter(({ weight }) => weight >= MIN_SHARE)
        .sort((a, b) => b.weight - a.weight || (a.value < b.value ? -1 : 1))
        .slice(0, MAX_VALUES);
      return weighed.length === 0 ? [] : [[dimension, weighed.map(({ value }) => value)]];
    }),
  );
}
