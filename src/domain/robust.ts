/**
 * Gives the quantile of a list by linear interpolation; 0 for an empty one. `share` is 0–1. O(n log n).
 *
 * @example
 * quantile([4, 1, 3, 2], 0.5); // 2.5
 */
export function quantile(values: readonly number[], share: number): number {
  const sorted = Float64Array.from(values).sort();
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? 0;
  const above = sorted[Math.ceil(at)] ?? below;
  return below + (above - below) * (at - Math.floor(at));
}

/** Gives the middle of a list; 0 for an empty one. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/**
 * Gives the value at which half of all weight lies below; 0 where there is no weight. O(n log n).
 *
 * @example
 * weightedMedian([{ value: 1, weight: 8 }, { value: 50, weight: 2 }]); // 1
 */
export function weightedMedian(items: readonly { readonly value: number; readonly weight: number }[]): number {
  const sorted = [...items].sort((a, b) => a.value - b.value);
  const half = sum(items.map((item) => item.weight)) / 2;
  let below = 0;
  for (const { value, weight } of sorted) {
    below += weight;
    if (below >= half && weight > 0) return value;
  }
  return 0;
}

/** Adds up; 0 for an empty list. */
export function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** Gives the arithmetic mean; 0 for an empty list. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : sum(values) / values.length;
}

/** Gives the variance of a sample, divided by n − 1; 0 for fewer than two values. */
export function variance(values: readonly number[]): number {
  const centre = mean(values);
  return values.length < 2 ? 0 : sum(values.map((value) => (value - centre) ** 2)) / (values.length - 1);
}

/** Adds up runs of `size` neighbours, counted from the end; what is left over at the start is dropped. */
export function blockSums(values: readonly number[], size: number): number[] {
  const blocks = Math.floor(values.length / size);
  const first = values.length - blocks * size;
  return Array.from({ length: blocks }, (_, i) => sum(values.slice(first + i * size, first + (i + 1) * size)));
}
