import type { Measure, Onset } from "./finding.ts";
import { detectOnset } from "./onset.ts";
import { mean, sum } from "./robust.ts";
import type { Counts } from "./season.ts";
import type { TrafficSeries } from "./traffic.ts";

/** What rose, and when. */
export interface Lead {
  readonly measure: Measure;
  readonly onset: Onset;
  /**
   * Where it shows: in all of the traffic, or only in a part of it that grows beside the rest, whose daily curve and
   * noise would hide it.
   */
  readonly foundIn: "whole" | "part";
}

/** What is looked at after requests, in this order: what says most about where the trouble is comes first. */
const OTHERS = ["backendSecs", "totalSecs", "errors", "bytes"] as const;

/** Single large answers and bursts of errors are daily bread. */
const MIN_RATIO: Readonly<Record<(typeof OTHERS)[number], number>> = {
  backendSecs: 1.5,
  totalSecs: 1.5,
  errors: 3,
  bytes: 2,
};
/** Fewer errors than this among all answers trouble nobody. */
const MIN_ERROR_SHARE = 0.03;

/**
 * Finds which measure of the traffic rose abruptly; null where none did. Requests come before everything else, since
 * what more requests bring with them is no news.
 *
 * @param history requests before, as `detectOnset` takes them; null where they are not known
 */
export function findLead(series: TrafficSeries, history: Counts | null = null): Lead | null {
  const ofRequests = detectOnset(series, history);
  if (ofRequests !== null) return { measure: "requests", onset: ofRequests, foundIn: "whole" };
  for (const measure of OTHERS) {
    const values = series[measure];
    const onset = values === undefined ? null : onsetOfEach(values, series);
    if (onset === null || onset.ratio < MIN_RATIO[measure]) continue;
    if (measure === "errors" && errorShare(series, onset) < MIN_ERROR_SHARE) continue;
    const lead = { measure, onset, foundIn: "whole" } as const;
    return measure.endsWith("Secs") ? lastingOf(lead, leadOfSlow(series)) : lead;
  }
  return leadOfSlow(series);
}

/** Gives the means of each step and its neighbours. */
function smooth(counts: readonly number[]): readonly number[] {
  return counts.map((_, i) => mean(counts.slice(Math.max(0, i - 1), i + 2)));
}

/** What stalls now and then is over again and again by its mean, and goes on all the same. */
function lastingOf(lead: Lead, slow: Lead | null): Lead {
  return lead.onset.endMs !== null && slow !== null && slow.onset.endMs === null ? slow : lead;
}

/** One slow request is felt as much as so many are not: the mean of a minute hides what a few of a hundred wait for. */
const SLOW_WEIGHT = 12;

function leadOfSlow(series: TrafficSeries): Lead | null {
  // Stalls come every minute or two, so that one without any says nothing.
  const lead = series.slow === undefined ? null : findLeadOfPart(series, smooth(series.slow), SLOW_WEIGHT);
  if (lead === null || series.slow === undefined) return null;
  const onset = { ...lead.onset, ratio: ratioAround(series.slow, series, lead.onset) };
  return { measure: "slow", onset, foundIn: "whole" };
}

/** So few answers were errors where none was: a rise from nothing has no ratio. */
const FROM_NOTHING = 0.001;

function onsetOfEach(values: readonly number[], series: TrafficSeries): Onset | null {
  const each = eachTimesUsual(values, series);
  const onset = detectOnset({ ...series, requests: each });
  if (onset !== null || values !== series.errors) return onset;
  const floor = FROM_NOTHING * mean(series.requests);
  return detectOnset({ ...series, requests: each.map((value) => value + floor) });
}

/**
 * Gives what each request brings, times the usual number of requests, in units of what a request usually brings: free
 * of the ups and downs of traffic, and what is too little to trouble anybody is the same for all.
 */
function eachTimesUsual(values: readonly number[], { requests, errors }: TrafficSeries): readonly number[] {
  const usual = mean(requests);
  const each = values === errors ? 1 : sum(values) / Math.max(1, sum(requests));
  return values.map((value, i) => {
    const count = requests[i] ?? 0;
    return count > 0 && each > 0 ? (value / count / each) * usual : 0;
  });
}

/** A part that grows by less than a twentieth of all hides in any hour. */
const PART_FLOOR = 0.1;

/**
 * Finds when a part of the traffic began to grow beside the rest; null where it did not. `part` counts the same steps.
 *
 * @param weight how many requests each of the part stands for
 *
 * The part is held against the rest step by step, on top of a tenth of all: it has to grow by half of that.
 */
export function findLeadOfPart(series: TrafficSeries, part: readonly number[], weight = 1): Lead | null {
  const rest = series.requests.map((count, i) => Math.max(0, count - (part[i] ?? 0)));
  const usual = mean(rest);
  const beside = rest.map((count, i) =>
    count > 0 ? usual * (PART_FLOOR + (weight * (part[i] ?? 0)) / Math.max(count, usual / 4)) : 0,
  );
  const onset = detectOnset({ ...series, requests: beside });
  if (onset === null) return null;
  return {
    measure: "requests",
    onset: { ...onset, ratio: ratioAround(series.requests, series, onset) },
    foundIn: "part",
  };
}

/** The mean of a step from the onset on over that before it; half a count stands for none. */
function ratioAround(counts: readonly number[], { startMs, stepMs }: TrafficSeries, { onsetMs, endMs }: Onset): number {
  const first = Math.max(0, Math.floor((onsetMs - startMs) / stepMs));
  const end = endMs === null ? counts.length : Math.floor((endMs - startMs) / stepMs);
  const [before, since] = [counts.slice(0, first), counts.slice(first, end)];
  const rate = (some: readonly number[]) => (sum(some) + 0.5) / Math.max(1, some.length);
  return rate(since) / rate(before);
}

function errorShare({ startMs, stepMs, requests, errors }: TrafficSeries, { onsetMs, endMs }: Onset): number {
  const first = Math.max(0, Math.floor((onsetMs - startMs) / stepMs));
  const end = endMs === null ? requests.length : Math.floor((endMs - startMs) / stepMs);
  return sum(errors.slice(first, end)) / Math.max(1, sum(requests.slice(first, end)));
}
