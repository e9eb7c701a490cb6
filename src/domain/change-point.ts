import { prefixSums, sumBetween } from "./episode.ts";
import { poissonLlr } from "./poisson.ts";

/** Half of the 95 % quantile of χ² with one degree of freedom; wider for small ratios, where it covers too little. */
const INTERVAL_NATS = 1.92;
const WIDE_INTERVAL_NATS = 3;
const SMALL_RATIO = 2;

/** Where counts begin to exceed what is expected. */
export interface ChangePoint {
  /** Index of the likeliest first step. */
  readonly step: number;
  /** The first and the last step that are about as likely: an interval of about 95 %. */
  readonly low: number;
  readonly high: number;
  /** Log-likelihood ratio against no change, over the dispersion; in nats. */
  readonly gain: number;
  /** Counted over expected, from `step` to the end. */
  readonly ratio: number;
}

/**
 * Finds the step from which on the counts up to `end` exceed a constant expectation most surely:
 * `g = (C ln(C/M) − C + M) / φ` with C counted and M expected from the step to the end. Null where they never exceed it.
 *
 * @param range the steps that come into question, `from` included and `to` not
 * @source E. S. Page, "Continuous inspection schemes", Biometrika 41 (1954), in its likelihood form
 * @example
 * findRise([5, 5, 5, 50, 50], { level: 5, dispersion: 1, end: 5 }, { from: 0, to: 5 })?.step; // 3
 */
export function findRise(
  counts: readonly number[],
  expected: { readonly level: number; readonly dispersion: number; readonly end: number },
  range: { readonly from: number; readonly to: number },
): ChangePoint | null {
  const { level, dispersion, end } = expected;
  const total = prefixSums(counts);
  const gains: { step: number; gain: number }[] = [];
  for (let step = Math.max(0, range.from); step < Math.min(range.to, end); step++) {
    const count = sumBetween(total, step, end);
    const mean = level * (end - step);
    gains.push({ step, gain: count > mean ? poissonLlr(count, mean) / dispersion : 0 });
  }
  const best = gains.reduce((most, entry) => (entry.gain > most.gain ? entry : most), { step: -1, gain: 0 });
  if (best.step === -1) return null;
  const ratio = sumBetween(total, best.step, end) / (level * (end - best.step));
  const drop = ratio < SMALL_RATIO ? WIDE_INTERVAL_NATS : INTERVAL_NATS;
  const likely = gains.filter(({ gain }) => gain >= best.gain - drop).map(({ step }) => step);
  return { ...best, ratio, low: Math.min(...likely), high: Math.max(...likely) };
}
