import { overdispersion, usualLevel } from "./baseline.ts";
import { poissonLlr } from "./poisson.ts";

/** A stretch of steps above the level before it. */
export interface Episode {
  /** Index of its first step, and of the first step after it. */
  readonly first: number;
  readonly end: number;
  /** What a step usually counted before it. */
  readonly level: number;
  /** The overdispersion of the steps before it. */
  readonly dispersion: number;
  /** Log-likelihood ratio against going on as before, over the overdispersion; in nats. */
  readonly gain: number;
  /** Counted over expected. */
  readonly ratio: number;
}

/** Less than half as much again is ordinary variation of real services, minute by minute and day by day. */
export const MIN_RATIO = 1.5;
/**
 * The mean of an episode lies so many standard deviations of one step above the level. On WorldCup98 outside matches
 * this takes away most of the swings by 1.5 to 1.9 times, and no inserted doubling: a doubling always suffices.
 */
const MIN_SIGMAS = 4;
const ALWAYS_RATIO = 2;
/** Higher than anything of its length in the hours before: what happens every hour is no news. */
const MIN_OVER_RECENT_PEAK = 1.4;
/** In nats; chance alone reaches ln(1500²) ≈ 15 among all stretches of a day of minutes. */
const MIN_GAIN = 20;
/** An excess that cannot trouble anybody; one visitor or feed reader makes it on a small site, as real logs show. */
const MIN_EXCESS_PER_MIN = 30;
export const MIN_EXCESS = 500;

/** A step up shows within so many steps; a daily curve climbs slower than that. */
const RISE_STEPS = [3, 5, 10, 15];
/** With the shape of the day taken out, a slow rise is none of its doing. */
const SLOW_RISE_STEPS = [30, 60];
/** Steps before a candidate: to know the level just before, the level, and the variation. */
const NEAR_STEPS = 15;
const LEVEL_STEPS = 60;
const RECENT_STEPS = 180;
const MIN_BASELINE_STEPS = 10;
/** Shorter ones are over before anybody reads of them. */
export const MIN_STEPS = 3;
/** Of an episode that goes on: the last step may be half-written. */
const MIN_STEPS_AT_END = 2;

/**
 * Finds the stretch that departs most from the level just before it, abruptly and by much; null where none does.
 *
 * Steps before `from` are neither candidates nor baseline. Close to linear for quiet traffic; O(n²) at worst.
 *
 * @param kind `isSlow` where a rise may take an hour, since the daily curve was taken out of the counts
 *
 * @source E. S. Page, "Continuous inspection schemes", Biometrika 41 (1954), in its likelihood form with two changes
 */
export function strongestEpisode(
  counts: readonly number[],
  from: number,
  kind: { readonly stepMins: number; readonly isSlow: boolean },
): Episode | null {
  const { stepMins } = kind;
  const lengths = kind.isSlow ? SLOW_RISE_STEPS : RISE_STEPS;
  const total = prefixSums(counts);
  let best: Episode | null = null;
  for (let first = from + MIN_BASELINE_STEPS; first + MIN_STEPS_AT_END <= counts.length; first++) {
    const before = (steps: number) => counts.slice(Math.max(from, first - steps), first);
    const level = usualLevel(before(LEVEL_STEPS));
    const reference = Math.max(level, usualLevel(before(NEAR_STEPS)));
    const rise = { total, first, stepMins, lengths: riseLengths(total, first, lengths) };
    if (level <= 0 || !mayRise(rise, reference)) continue;
    const dispersion = overdispersion(before(RECENT_STEPS));
    if (riseGain(rise, reference, Math.max(from, first - RECENT_STEPS)) < MIN_GAIN * dispersion) continue;
    const candidate = longestGain(total, { first, level, dispersion }, stepMins);
    if (candidate !== null && candidate.gain > (best?.gain ?? 0)) best = candidate;
  }
  return best;
}

/** Gives the running totals: entry i is the sum of the first i counts. */
export function prefixSums(counts: readonly number[]): Float64Array {
  const total = new Float64Array(counts.length + 1);
  for (const [i, count] of counts.entries()) total[i + 1] = (total[i] ?? 0) + count;
  return total;
}

/** Adds up the steps from `first` up to but not including `end`. */
export function sumBetween(total: Float64Array, first: number, end: number): number {
  return (total[end] ?? 0) - (total[first] ?? 0);
}

function isLargeRise(count: number, expected: number, mins: number): boolean {
  return count >= MIN_RATIO * expected && count - expected >= MIN_EXCESS_PER_MIN * mins;
}

/** A step from which traffic may rise, and over how many steps that is looked at. */
interface Rise {
  readonly total: Float64Array;
  readonly first: number;
  readonly stepMins: number;
  readonly lengths: readonly number[];
}

function riseLengths(total: Float64Array, first: number, lengths: readonly number[]): readonly number[] {
  const left = total.length - 1 - first;
  return left < MIN_STEPS ? [left] : lengths.filter((steps) => steps <= left);
}

/** The cheap part of the test for an abrupt rise, to skip nearly all of a quiet series. */
function mayRise({ total, first, stepMins, lengths }: Rise, reference: number): boolean {
  return lengths.some((steps) =>
    isLargeRise(sumBetween(total, first, first + steps), reference * steps, steps * stepMins),
  );
}

/** How surely traffic rises at `first` to where it had not been of late. */
function riseGain({ total, first, stepMins, lengths }: Rise, reference: number, recent: number): number {
  let gain = 0;
  for (const steps of lengths) {
    const count = sumBetween(total, first, first + steps);
    const isNews = count >= MIN_OVER_RECENT_PEAK * recentPeak(total, recent, first, steps);
    if (isNews && isLargeRise(count, reference * steps, steps * stepMins)) {
      gain = Math.max(gain, poissonLlr(count, reference * steps));
    }
  }
  return gain;
}

function recentPeak(total: Float64Array, from: number, end: number, steps: number): number {
  let peak = 0;
  for (let first = from; first + steps <= end; first++) {
    peak = Math.max(peak, sumBetween(total, first, first + steps));
  }
  return peak;
}

function longestGain(
  total: Float64Array,
  start: Pick<Episode, "first" | "level" | "dispersion">,
  stepMins: number,
): Episode | null {
  const { first, level, dispersion } = start;
  const steps = total.length - 1;
  const sigmas = MIN_SIGMAS * Math.sqrt(dispersion / level);
  const minRatio = Math.min(Math.max(MIN_RATIO, 1 + sigmas), ALWAYS_RATIO);
  let best: Episode | null = null;
  for (let end = Math.min(first + MIN_STEPS, steps); end <= steps; end++) {
    const count = sumBetween(total, first, end);
    const expected = level * (end - first);
    const isLarge = count >= minRatio * expected && isLargeRise(count, expected, (end - first) * stepMins);
    if (!isLarge || count - expected < MIN_EXCESS) continue;
    const gain = poissonLlr(count, expected) / dispersion;
    if (gain >= MIN_GAIN && gain > (best?.gain ?? 0)) {
      best = { ...start, end, gain, ratio: count / expected };
    }
  }
  return best;
}
