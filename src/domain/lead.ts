import type { Measure, Onset } from "./finding.ts";
import { detectOnset } from "./onset.ts";
import { mean, sum } from "./robust.ts";
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
 */
export function findLead(series: TrafficSeries): Lead | null {
  const ofRequests = detectOnset(series);
  if (ofRequests !== null) return { measure: "requests", onset: ofRequests, foundIn: "whole" };
  for (const measure of OTHERS) {
    const values = series[measure];
    const onset = values === undefined ? null : onsetOfEach(values, series);
    if (onset === null || onset.ratio < MIN_RATIO[measure]) continue;
    if (measure === "errors" && errorShare(series, onset) < MIN_ERROR_SHARE) continue;
    return { measure, onset, foundIn: "whole" };
  }
  return null;
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
 * The part is held against the rest step by step, on top of a tenth of all: it has to grow by half of that.
 */
export function findLeadOfPart(series: TrafficSeries, part: readonly number[]): Lead | null {
  const rest = series.requests.map((count, i) => Math.max(0, count - (part[i] ?? 0)));
  const usual = mean(rest);
  const beside = rest.map((count, i) =>
    count > 0 ? usual * (PART_FLOOR + (part[i] ?? 0) / Math.max(count, usual / 4)) : 0,
  );
  const onset = detectOnset({ ...series, requests: beside });
  return onset === null ? null : { measure: "requests", onset, foundIn: "part" };
}

function errorShare({ startMs, stepMs, requests, errors }: TrafficSeries, { onsetMs, endMs }: Onset): number {
  const first = Math.max(0, Math.floor((onsetMs - startMs) / stepMs));
  const end = endMs === null ? requests.length : Math.floor((endMs - startMs) / stepMs);
  return sum(errors.slice(first, end)) / Math.max(1, sum(requests.slice(first, end)));
}
