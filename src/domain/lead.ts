import type { Measure, Onset } from "./finding.ts";
import { detectOnset } from "./onset.ts";
import { sum } from "./robust.ts";
import type { TrafficSeries } from "./traffic.ts";

/** What rose, and when. */
export interface Lead {
  readonly measure: Measure;
  readonly onset: Onset;
}

/** What is looked at after requests, in this order: what says most about where the trouble is comes first. */
const OTHERS = ["backendSecs", "totalSecs", "errors", "bytes"] as const;

/** Single large answers and bursts of errors are daily bread; a doubling is none. */
const MIN_RATIO: Readonly<Record<(typeof OTHERS)[number], number>> = {
  backendSecs: 1.7,
  totalSecs: 1.7,
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
  if (ofRequests !== null) return { measure: "requests", onset: ofRequests };
  for (const measure of OTHERS) {
    const values = series[measure];
    const onset = values === undefined ? null : detectOnset({ ...series, requests: asRequests(values, series) });
    if (onset === null || onset.ratio < MIN_RATIO[measure]) continue;
    if (measure === "errors" && errorShare(series, onset) < MIN_ERROR_SHARE) continue;
    return { measure, onset };
  }
  return null;
}

/** In units of what a request usually takes, so that what is too little to trouble anybody is the same for all. */
function asRequests(values: readonly number[], { requests, errors }: TrafficSeries): readonly number[] {
  if (values === errors) return values;
  const each = sum(values) / Math.max(1, sum(requests));
  return each > 0 ? values.map((value) => value / each) : values;
}

function errorShare({ startMs, stepMs, requests, errors }: TrafficSeries, { onsetMs, endMs }: Onset): number {
  const first = Math.max(0, Math.floor((onsetMs - startMs) / stepMs));
  const end = endMs === null ? requests.length : Math.floor((endMs - startMs) / stepMs);
  return sum(errors.slice(first, end)) / Math.max(1, sum(requests.slice(first, end)));
}
