import { blockSums, mean, median, quantile, variance } from "./robust.ts";

/** With so many blocks up to two spoiled ones do no harm, and an hour of minutes gives blocks of ten. */
const LEVEL_BLOCKS = 6;

/**
 * Gives the usual value of a step, from the steps before a moment in question; 0 for none.
 *
 * It is the median of the means of six blocks: nearly as steady as the mean where there are few counts a step (a median
 * of small whole numbers is coarse), and deaf to a disturbance in fewer than half of the blocks. Sparse traffic has no
 * usual block, so that the mean is all there is.
 *
 * @example
 * usualLevel([100, 98, 103, 900, 101, 99]); // 100.5
 */
export function usualLevel(counts: readonly number[]): number {
  if (isSparse(counts)) return mean(counts);
  const size = Math.max(1, Math.floor(counts.length / LEVEL_BLOCKS));
  return median(blockSums(counts, size)) / size;
}

const BLOCK_SIZES = [1, 3, 10];
const MIN_BLOCKS = 6;
/** Distance of the 10 % and 90 % quantiles of a normal distribution, in standard deviations. */
const DECILE_SPAN_SIGMAS = 2.563;

/**
 * Gives the overdispersion φ of counts: variance over mean, 1 for a Poisson process and never less.
 *
 * It is the largest over sums of 1, 3 and 10 steps, because requests come in sessions: neighbouring minutes resemble
 * each other, and a sum of ten varies more than ten times as much as one. The variance is read from the deciles, so
 * that up to a tenth of outliers is not taken for noise, and around a line, so that the daily curve is none either; in
 * sparse traffic the outliers are the traffic, and count.
 */
export function overdispersion(counts: readonly number[]): number {
  const isFew = isSparse(counts);
  const varianceOf = isFew ? variance : decileVariance;
  const steady = isFew ? counts : withoutTrend(counts);
  let largest = 1;
  for (const size of BLOCK_SIZES) {
    const sums = blockSums(steady, size);
    const level = mean(sums);
    if (sums.length >= MIN_BLOCKS && level > 0) largest = Math.max(largest, varianceOf(sums) / level);
  }
  return largest;
}

/** A tenth of empty steps: then medians and deciles begin to look at zeros only. */
const SPARSE_SHARE = 0.1;

function isSparse(counts: readonly number[]): boolean {
  const empty = counts.filter((count) => count === 0).length;
  return empty >= SPARSE_SHARE * counts.length;
}

/** Takes away the line through the medians of the first and the last third. */
function withoutTrend(counts: readonly number[]): readonly number[] {
  const third = Math.floor(counts.length / 3);
  if (third < MIN_BLOCKS) return counts;
  const slope = (median(counts.slice(-third)) - median(counts.slice(0, third))) / (counts.length - third);
  const middle = (counts.length - 1) / 2;
  return counts.map((count, i) => count - slope * (i - middle));
}

function decileVariance(values: readonly number[]): number {
  return ((quantile(values, 0.9) - quantile(values, 0.1)) / DECILE_SPAN_SIGMAS) ** 2;
}
