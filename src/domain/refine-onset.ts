import { overdispersion } from "./baseline.ts";
import { findRise } from "./change-point.ts";
import { formatDuration } from "./duration.ts";
import type { Onset } from "./finding.ts";
import { mean, sum } from "./robust.ts";
import { MINUTE_MS, SECOND_MS } from "./time-window.ts";
import type { TrafficSeries } from "./traffic.ts";

/** When an incident began, to the step of a finer series. */
export interface RefinedOnset {
  /** Epoch ms; between the low and the high of the onset that was refined. */
  readonly atMs: number;
  /** About 95 % likely, epoch ms. */
  readonly lowMs: number;
  readonly highMs: number;
  /**
   * - `first-request`: the slice had sent nothing before
   * - `rise`: where its requests begin to exceed what it sent before
   * - `unrefined`: the finer series says nothing more
   */
  readonly restsOn: "first-request" | "rise" | "unrefined";
  /** The same for people, one clause. */
  readonly because: string;
}

/** What is seen after the interval helps to tell a rise from a stray request before it. */
const AFTER_MS = MINUTE_MS;
/** A rise of less can be chance among the seconds of some minutes. */
const MIN_GAIN_NATS = 8;
/** So many standard deviations make a step part of the rise, though it holds only the beginning of it. */
const TOUCHED_SIGMAS = 4;

/**
 * Refines an onset by the requests of the slice that is guilty, counted by seconds: its very first request where it is
 * new, else where it begins to send more than before. Best with some minutes before the interval, and one after it.
 *
 * @param slice requests of the slice alone; steps may be of any length, and what is no number counts as nothing
 */
export function refineOnset(
  slice: Pick<TrafficSeries, "startMs" | "stepMs" | "requests">,
  onset: Pick<Onset, "onsetMs" | "lowMs" | "highMs">,
): RefinedOnset {
  const { startMs, stepMs } = slice;
  if (!(stepMs > 0) || !Number.isFinite(startMs)) return unrefined(onset, "its requests have no times");
  const counts = slice.requests.map((count) => (Number.isFinite(count) && count > 0 ? count : 0));
  const stepAt = (atMs: number) => Math.min(Math.max(0, Math.ceil((atMs - startMs) / stepMs)), counts.length);
  const [from, to, end] = [stepAt(onset.lowMs), stepAt(onset.highMs), stepAt(onset.highMs + AFTER_MS)];
  if (sum(counts.slice(from, to)) === 0) return unrefined(onset, "it sent nothing in that time");

  const before = counts.slice(0, from);
  // Half a request in all that time, where there was none: nobody can know that the rate was zero.
  const level = Math.max(mean(before), 0.5 / Math.max(1, counts.length));
  const dispersion = overdispersion(before);
  const rise = findRise(counts, { level, dispersion, end }, { from, to });
  if (rise === null || rise.gain < MIN_GAIN_NATS) return unrefined(onset, "its requests show no step");

  const isTouched = (step: number) => (counts[step] ?? 0) > level + TOUCHED_SIGMAS * Math.sqrt(dispersion * level);
  let first = rise.step;
  while (first > from && isTouched(first - 1)) first--;
  const atMs = (step: number) => Math.min(Math.max(startMs + step * stepMs, onset.lowMs), onset.highMs);
  const isNew = sum(counts.slice(0, first)) === 0;
  return {
    atMs: atMs(first),
    lowMs: atMs(Math.min(first, rise.low)),
    highMs: atMs(rise.high + 1),
    restsOn: isNew ? "first-request" : "rise",
    because: isNew
      ? `its first request; none in the ${lengthOf(first * stepMs)} before`
      : `there its requests rise to ${rise.ratio.toFixed(1)} times what it sent before`,
  };
}

function lengthOf(ms: number): string {
  return formatDuration(Math.max(1, Math.round(ms / SECOND_MS)));
}

function unrefined({ onsetMs, lowMs, highMs }: Pick<Onset, "onsetMs" | "lowMs" | "highMs">, because: string) {
  return { atMs: onsetMs, lowMs, highMs, restsOn: "unrefined", because } as const;
}
