import { sum } from "./robust.ts";
import type { Breakdown, Dimension } from "./traffic.ts";

/** How requests concentrate on values, in one window. */
export interface Concentration {
  /** 0 where all have one value; at most, since those below the listed ones are taken to be alike. */
  readonly entropyBits: number;
  /** As many equally large values have the same entropy: 2^entropy. */
  readonly effectiveValues: number;
  /** Share of the largest, and of the ten largest, 0–1. */
  readonly topShare: number;
  readonly topTenShare: number;
}

/** How the concentration on the values of one dimension changed. Requests whose value is unknown are in none of it. */
export interface ConcentrationChange {
  /** Null without requests. */
  readonly baseline: Concentration | null;
  readonly spike: Concentration | null;
  /**
   * Jensen–Shannon divergence of the two windows, 0 (the same mixture) to 1 (nothing in common), in bits; at least,
   * since what is below the listed values counts as one. Null where a window has no requests.
   */
  readonly divergenceBits: number | null;
  /** Share of the known requests of both windows that the listed values have, 0–1: how exact the rest is. */
  readonly listedShare: number;
}

/**
 * Gives the Shannon entropy of counts in bits; 0 for none. Zeros add nothing.
 *
 * @source Shannon, "A mathematical theory of communication", Bell System Technical Journal 27 (1948)
 * @example
 * entropyBits([5, 5, 5, 5]); // 2
 */
export function entropyBits(counts: readonly number[]): number {
  const total = sum(counts);
  if (total <= 0) return 0;
  return Math.max(0, -sum(counts.map((count) => (count > 0 ? (count / total) * Math.log2(count / total) : 0))));
}

/** Gives how many equally large values would have the same entropy; 0 for no counts. */
export function effectiveNumber(counts: readonly number[]): number {
  return sum(counts) > 0 ? 2 ** entropyBits(counts) : 0;
}

/** Gives the share of the `k` largest, 0–1; 0 for no counts. */
export function topShare(counts: readonly number[], k: number): number {
  const total = sum(counts);
  const largest = [...counts].sort((a, b) => b - a).slice(0, k);
  return total > 0 ? Math.min(1, sum(largest) / total) : 0;
}

/**
 * Gives the Jensen–Shannon divergence of two mixtures in bits: 0 for the same, 1 for nothing in common; null where one
 * of them is empty. Counts at the same index belong together; how many there are in all does not matter.
 *
 * @source Lin, "Divergence measures based on the Shannon entropy", IEEE Trans. Information Theory 37 (1991)
 * @example
 * jensenShannonBits([1, 1], [10, 10]); // 0
 * jensenShannonBits([1, 0], [0, 1]); // 1
 */
export function jensenShannonBits(left: readonly number[], right: readonly number[]): number | null {
  const [leftTotal, rightTotal] = [sum(left), sum(right)];
  if (leftTotal <= 0 || rightTotal <= 0) return null;
  const length = Math.max(left.length, right.length);
  const terms = Array.from({ length }, (_, i) => {
    const p = (left[i] ?? 0) / leftTotal;
    const q = (right[i] ?? 0) / rightTotal;
    const middle = (p + q) / 2;
    return (towards(p, middle) + towards(q, middle)) / 2;
  });
  return Math.min(1, Math.max(0, sum(terms)));
}

function towards(share: number, middle: number): number {
  return share > 0 ? share * Math.log2(share / middle) : 0;
}

/**
 * Tells how requests concentrate on the values of one dimension; null where the breakdown has not that dimension.
 *
 * Of values below the listed ones only their requests together and their number are known. They are spread evenly for
 * the entropy, which is then the largest that there can be.
 */
export function concentrationOf(breakdown: Breakdown, dimension: Dimension): ConcentrationChange | null {
  const divided = breakdown.by[dimension];
  if (divided === undefined) return null;
  const { distinct, unknown } = divided;
  // In an order of their own, since sums of the same numbers in another order differ in their last digits.
  const rows = divided.rows.toSorted(
    (a, b) => b.spike.requests - a.spike.requests || b.baseline.requests - a.baseline.requests,
  );
  const [before, now] = [rows.map((row) => row.baseline.requests), rows.map((row) => row.spike.requests)];
  const restBefore = Math.max(0, breakdown.baseline.requests - unknown.baselineRequests - sum(before));
  const restNow = Math.max(0, breakdown.spike.requests - unknown.spikeRequests - sum(now));
  const unlisted = Math.max(0, distinct - rows.length);
  const listed = sum(before) + sum(now);
  const known = listed + restBefore + restNow;
  return {
    baseline: concentrate(before, restBefore, unlisted),
    spike: concentrate(now, restNow, unlisted),
    divergenceBits: jensenShannonBits([...before, restBefore], [...now, restNow]),
    listedShare: known > 0 ? listed / known : 0,
  };
}

function concentrate(listed: readonly number[], rest: number, unlisted: number): Concentration | null {
  const total = sum(listed) + rest;
  if (total <= 0) return null;
  // No more values than requests; and where the count of values says none, the rest is one.
  const values = Math.max(1, Math.min(unlisted, rest));
  // Grouped: the entropy of the groups and that within the rest.
  const bits = entropyBits([...listed, rest]) + (rest / total) * Math.log2(values);
  return {
    entropyBits: bits,
    effectiveValues: 2 ** bits,
    topShare: topOfAll(listed, total, 1),
    topTenShare: topOfAll(listed, total, 10),
  };
}

/** The largest of the rest is no larger than those listed, which are the largest of either window. */
function topOfAll(listed: readonly number[], total: number, k: number): number {
  return topShare(listed, k) * (sum(listed) / total);
}
