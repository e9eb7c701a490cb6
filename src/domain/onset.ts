import { findRise } from "./change-point.ts";
import { type Episode, MIN_EXCESS, MIN_RATIO, MIN_STEPS, prefixSums, strongestEpisode, sumBetween } from "./episode.ts";
import type { Onset } from "./finding.ts";
import { sum } from "./robust.ts";
import { type Counts, seasonalShape } from "./season.ts";
import { MINUTE_MS } from "./time-window.ts";
import type { TrafficSeries } from "./traffic.ts";

/** More episodes than this in one series are its way of life. */
const MAX_EPISODES = 4;

/**
 * Finds when an excess of requests began and ended; null where nothing abrupt and large stands out.
 *
 * An excess that goes on is preferred to a larger one that is over. Without any request before the rise there is no
 * usual level, and so no onset. Made for minute steps, 30 to some thousands of them; a step that is no number is a gap.
 *
 * @param history what went before `series`, two days of it or more: the shape of the day is taken out then, and a rise
 * of an hour is found too
 * @example
 * const onset = detectOnset(series);
 * onset?.ratio; // 5.9
 */
export function detectOnset(series: TrafficSeries, history: Counts | null = null): Onset | null {
  if (!(series.stepMs > 0) || !Number.isFinite(series.startMs)) return null;
  const counts = bridged(series.requests);
  const shape = history === null ? null : seasonalShape(series, history);
  const levelled = shape === null ? counts : counts.map((count, step) => count / (shape[step] ?? 1));
  const from = levelled.findIndex((count) => count > 0);
  if (from === -1) return null;

  const episodes: Episode[] = [];
  const stepMins = series.stepMs / MINUTE_MS;
  const remaining = [...levelled];
  for (let i = 0; i < MAX_EPISODES; i++) {
    // Where something is abrupt, what is slow would only blur when.
    const found =
      strongestEpisode(remaining, from, { stepMins, isSlow: false }) ??
      (shape === null ? null : strongestEpisode(remaining, from, { stepMins, isSlow: true }));
    if (found === null) break;
    const episode = locate(remaining, found, from);
    const isOver = episode.end < counts.length;
    const isLong = !isOver || episode.end - episode.first >= MIN_STEPS;
    const weighed = shape === null ? episode : weigh(episode, counts, shape);
    if (isLong && weighed !== null) episodes.push(weighed);
    // What is left is searched as if this episode had not been.
    remaining.fill(episode.level, Math.min(found.first, episode.first), Math.max(found.end, episode.end));
  }

  const chosen = episodes.find((episode) => episode.end >= counts.length) ?? episodes[0];
  return chosen === undefined ? null : toOnset(series, levelled, chosen);
}

/** A longer gap is a stop: whatever went on, nobody saw it. */
const MAX_GAP_STEPS = 10;

/** Draws lines across short gaps; what is missing otherwise, or below zero, counts as nothing. */
function bridged(requests: readonly number[]): readonly number[] {
  const counts = requests.map((count) => (Number.isFinite(count) && count > 0 ? count : 0));
  let known = -1;
  for (const [step, count] of requests.entries()) {
    if (!Number.isFinite(count)) continue;
    const gap = step - known - 1;
    if (known >= 0 && gap > 0 && gap <= MAX_GAP_STEPS) bridge(counts, known, step);
    known = step;
  }
  return counts;
}

function bridge(counts: number[], before: number, after: number): void {
  const slope = ((counts[after] ?? 0) - (counts[before] ?? 0)) / (after - before);
  for (let step = before + 1; step < after; step++) counts[step] = (counts[before] ?? 0) + slope * (step - before);
}

/** How far the first guess may be off: it was made with another level for every candidate. */
const LOCATE_STEPS = 30;

/** Puts first step and end where the likelihood is greatest under one level, and follows the tail down. */
function locate(counts: readonly number[], rough: Episode, from: number): Episode {
  const total = prefixSums(counts);
  const first = riseOf(counts, rough, from + 1)?.step ?? rough.first;
  const ratio = sumBetween(total, first, rough.end) / (rough.level * (rough.end - first));
  const end = endOfTail(counts, rough, ratio);
  return { ...rough, first, end, ratio: sumBetween(total, first, end) / (rough.level * (end - first)) };
}

function riseOf(counts: readonly number[], episode: Episode, earliest: number) {
  const range = { from: Math.max(earliest, episode.first - LOCATE_STEPS), to: episode.first + LOCATE_STEPS + 1 };
  return findRise(counts, episode, range);
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

/** Puts the shape of the day back into what was expected; null where too little is left over it. */
function weigh(episode: Episode, counts: readonly number[], shape: readonly number[]): Episode | null {
  const { first, end, level } = episode;
  const counted = sum(counts.slice(first, end));
  const expected = level * sum(shape.slice(first, end));
  return counted - expected < MIN_EXCESS ? null : { ...episode, ratio: counted / expected };
}

function toOnset(series: TrafficSeries, counts: readonly number[], episode: Episode): Onset {
  const rise = riseOf(counts, episode, 0);
  const first = firstTouched(counts, episode);
  const atMs = (step: number) => series.startMs + step * series.stepMs;
  return {
    onsetMs: atMs(first),
    // A step earlier and a step later: it may have begun near the end of one, or of the next.
    lowMs: atMs(Math.max(0, Math.min(first, rise?.low ?? first) - 1)),
    highMs: atMs(Math.max(first, rise?.high ?? first) + 1),
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
