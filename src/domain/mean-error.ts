import { blockSums, mean, sum, variance } from "./robust.ts";

/** How far the mean of some steps may be off, relative to it. */
export interface MeanError {
  /** The variance of the mean over its square. */
  readonly variance: number;
  /** So many degrees of freedom the estimate has; fewer than the steps where neighbours resemble each other. */
  readonly degrees: number;
}

/** Nearer to 1 there are too few independent values in an hour of minutes to tell anything. */
const MAX_CORRELATION = 0.9;
/** Below that, the variance seen is mostly the mean's own. */
const MIN_SEEN_SHARE = 0.1;

/**
 * Tells how far a mean of `steps` steps would be off, if they behave like the ones given.
 *
 * A step is taken to be so much like the one before it as the ones given are (an autoregression of order one), which
 * makes the mean of an hour less certain than its 60 minutes suggest. Where the values count events, the chance in them
 * is taken out first: it hides the likeness, and is added again after. Linear in both numbers of steps.
 *
 * @param values above 0 on average, in order of time
 * @source Bartlett, "On the theoretical specification and sampling properties of autocorrelated time-series", Suppl. J.
 *   Royal Statistical Society 8 (1946), for the variance of the mean; Kendall, "Note on bias in the estimation of
 *   autocorrelation", Biometrika 41 (1954), for what is added to the correlation
 */
export function errorOfMean(values: readonly number[], steps: number, isEvents: boolean): MeanError {
  const level = mean(values);
  const errors = values.map((value) => value / level - 1);
  const n = values.length;
  const noise = isEvents ? 1 / level : 0;
  const power = Math.max(0, sum(errors.map((error) => error ** 2)) / n - noise);
  const shared = sum(errors.slice(1).map((error, i) => error * (errors[i] ?? 0))) / n;
  const seen = power > 0 ? Math.min(1, shared / power) : 0;
  const correlation = Math.min(MAX_CORRELATION, Math.max(0, seen + (1 + 3 * seen) / n));
  const share = Math.max(MIN_SEEN_SHARE, 1 - inflation(n, correlation) / n);
  return {
    variance: ((power / share) * inflation(steps, correlation) + noise) / steps,
    degrees: (n * (1 - correlation)) / (1 + correlation) - 1,
  };
}

/** By how much the variance of a mean of n steps is larger than if they were independent. */
function inflation(n: number, correlation: number): number {
  let total = 1;
  for (let lag = 1, power = correlation; lag < n; lag++, power *= correlation) total += 2 * (1 - lag / n) * power;
  return total;
}

const MAX_BATCHES = 10;

/** The relative variance of a mean from up to ten batches of neighbouring steps: what long waves add. */
export function batchVariance(values: readonly number[]): number {
  const batches = Math.min(MAX_BATCHES, values.length);
  const size = Math.floor(values.length / batches);
  const means = blockSums(values, size).map((batch) => batch / size);
  return variance(means) / (means.length * mean(values) ** 2);
}
