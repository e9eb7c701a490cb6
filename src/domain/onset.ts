import { type Episode, MIN_RATIO, MIN_STEPS, prefixSums, strongestEpisode, sumBetween } from "./episode.ts";
import type { Onset } from "./finding.ts";
import { poissonLlr } from "./poisson.ts";
import { MINUTE_MS } from "./time-window.ts";
import type { TrafficSeries } from "./traffic.ts";

/** More episodes than this in one series are its way of life. */
const MAX_EPISODES = 4;

/**
 * Finds when an excess of requests began and ended; null where nothing abrupt and large stands out.
 *
 * An excess that goes on is preferred to a larger one that is over. Without any request before the rise there is no
 * usual level, and so no onset. Made for minute steps, 30 to some thousands of them.
 *
 * @example
 * const onset = detectOnset(series);
 * onset?.ratio; // 5.9
 */
export function detectOnset(series: TrafficSeries): Onset | null {
  const counts = series.requests.map((count) => (Number.isFinite(count) && count > 0 ? count : 0));
  const from = counts.findIndex((count) => count > 0);
  if (from === -1 || series.stepMs <= 0) return null;

  const episodes: Episode[] = [];
  const remaining = [...counts];
  for (let i = 0; i < MAX_EPISODES; i++) {
    const found = strongestEpisode(remaining, from, series.stepMs / MINUTE_MS);
    if (found === null) break;
    const episode = locate(remaining, found, from);
    const isOver = episode.end < counts.length;
    if (!isOver || episode.end - episode.first >= MIN_STEPS) episodes.push(episode);
    // What is left is searched as if this episode had not been.
    remaining.fill(episode.level, Math.min(found.first, episode.first), Math.max(found.end, episode.end));
  }

  const chosen = episodes.find((episode) => episode.end >= counts.length) ?? episodes[0];
  return chosen === undefined ? null : toOnset(series, counts, chosen);
}

/** How far the first guess may be off: it was made with another level for every candidate. */
const LOCATE_STEPS = 30;

/** Puts first step and end where the likelihood is greatest under one level, and follows the tail down. */
function locate(counts: readonly number[], rough: Episode, from: number): Episode {
  const total = prefixSums(counts);
  const profile = onsetProfile(total, rough, from);
  const first = profile.reduce((best, entry) => (entry.gain > best.gain ? entry : best), {
    step: rough.first,
    gain: 0,
  }).step;
  const ratio = sumBetween(total, first, rough.end) / (rough.level * (rough.end - first));
  const end = endOfTail(counts, rough, ratio);
  return { ...rough, first, end, ratio: sumBetween(total, first, end) / (rough.level * (end - first)) };
}

/** The gain for every possible first step, all with the same level, dispersion and end. */
function onsetProfile(total: Float64Array, episode: Episode, from: number): readonly { step: number; gain: number }[] {
  const { first, end, level, dispersion } = episode;
  const earliest = Math.max(from + 1, first - LOCATE_STEPS);
  const latest = Math.min(end - 1, first + LOCATE_STEPS);
  const profile = [];
  for (let step = earliest; step <= latest; step++) {
    const count = sumBetween(total, step, end);
    const expected = level * (end - step);
    profile.push({ step, gain: count > expected ? poissonLlr(count, expected) / dispersion : 0 });
  }
  return profile;
}

/** So many steps in a row below make an end; fewer may be a gap, or the half-written last step. */
const END_STEPS = 3;
/** An excess is over when less than a quarter of it is left. */
const END_SHARE = 0.25;

function endOfTail(counts: readonly number[], episode: Episode, ratio: number): number {
  const over = Math.max(MIN_RATIO, 1 + END_SHARE * (ratio - 1)) * episode.level;
  for (let step = episode.end; step + END_STEPS <= counts.length; step++) {
    const next = counts.slice(step, step + END_STEPS);
    if (next.every((count) => count < over)) return step;
  }
  return counts.length;
}

/** Half of the 95 % quantile of χ² with one degree of freedom; wider for small ratios, where it covers too little. */
const INTERVAL_NATS = 1.92;
const WIDE_INTERVAL_NATS = 3;
const SMALL_RATIO = 2;

function toOnset(series: TrafficSeries, counts: readonly number[], episode: Episode): Onset {
  const profile = onsetProfile(prefixSums(counts), episode, 0);
  const highest = profile.reduce((most, { gain }) => Math.max(most, gain), 0);
  const drop = episode.ratio < SMALL_RATIO ? WIDE_INTERVAL_NATS : INTERVAL_NATS;
  const likely = profile.filter(({ gain }) => gain >= highest - drop).map(({ step }) => step);
  const first = firstTouched(counts, episode);
  const atMs = (step: number) => series.startMs + step * series.stepMs;
  return {
    onsetMs: atMs(first),
    // A step earlier and a step later: it may have begun near the end of one, or of the next.
    lowMs: atMs(Math.max(0, Math.min(first, ...likely) - 1)),
    highMs: atMs(Math.max(first, ...likely) + 1),
    endMs: episode.end >= counts.length ? null : atMs(episode.end),
    ratio: episode.ratio,
  };
}

/** So many standard deviations make a step part of the excess, though it began within that step. */
const TOUCHED_SIGMAS = 4;

/** Gives the step in which the excess began, which counted only a part of it. */
function firstTouched(counts: readonly number[], { first, level, dispersion }: Episode): number {
  const previous = counts[first - 1] ?? 0;
  return previous > level + TOUCHED_SIGMAS * Math.sqrt(dispersion * level) ? first - 1 : first;
}
