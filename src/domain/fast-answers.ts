import type { LatencyPercentiles } from "./traffic.ts";

/** The fastest tenth and the slowest: what a cache answers is in the one, what it does not in the other. */
export const PAGE_PERCENTILES: readonly number[] = [0.1, 0.9];

/** With fewer pages a tenth of them is chance. */
const MIN_PAGES = 100;
/** So far apart are no answers that all come from the same place. */
const MIN_APART = 20;
const MIN_SLOWER = 5;
/** The slowest tenth falls behind: they are nearer to each other than they were. */
const MAX_NEARER = 0.6;
/** All as slow as each other wait for the same thing: that is no work that a cache used to spare. */
const MIN_LEFT_APART = 3;
/** Logs in milliseconds call what is faster nothing. */
const LEAST_SECS = 0.001;

/**
 * Tells from what pages take whether fast answers are gone, as where a cache answers no longer: the fastest tenth takes
 * far longer, and more so than the slowest. A server that is slow leaves fast what does not ask it, or slows down all
 * alike. Null where fast answers are there, never were, or too few pages are known.
 *
 * @param pages with `PAGE_PERCENTILES`
 */
export function goneFastAnswers(
  pages: LatencyPercentiles,
): { readonly baselineSecs: number; readonly spikeSecs: number } | null {
  const { total, backend } = pages.by;
  const summary = total !== undefined && total.baseline.known > 0 ? total : backend;
  if (summary === undefined || Math.min(summary.baseline.known, summary.spike.known) < MIN_PAGES) return null;
  const [before, now] = [tenths(summary.baseline.secs), tenths(summary.spike.secs)];
  const [apart, apartNow] = [before.slowest / before.fastest, now.slowest / now.fastest];
  const wereFast = apart >= MIN_APART && now.fastest >= MIN_SLOWER * before.fastest;
  const isMixed = apartNow <= MAX_NEARER * apart && apartNow >= MIN_LEFT_APART;
  return wereFast && isMixed ? { baselineSecs: before.fastest, spikeSecs: now.fastest } : null;
}

function tenths([fastest, slowest]: readonly (number | null)[]): { fastest: number; slowest: number } {
  return { fastest: Math.max(LEAST_SECS, fastest ?? 0), slowest: Math.max(LEAST_SECS, slowest ?? 0) };
}

/** Nearly all reach the servers behind: then the log does not tell which did not. */
const TOLD_SHARE = 0.97;

/** Gives which share of pages reached the servers behind, by whether their seconds are known; null where not told apart. */
export function askedPages({ by: { backend } }: LatencyPercentiles): { baseline: number; spike: number } | null {
  if (backend === undefined) return null;
  const shareOf = ({ known, unknown }: { known: number; unknown: number }) => known / Math.max(1, known + unknown);
  const [baseline, spike] = [shareOf(backend.baseline), shareOf(backend.spike)];
  return baseline > 0 && baseline < TOLD_SHARE && backend.baseline.known >= MIN_PAGES / 2 ? { baseline, spike } : null;
}
