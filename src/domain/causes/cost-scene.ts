import { type CarrierSlice, findCarriers } from "../carriers.ts";
import { decompose, effectOf } from "../decomposition.ts";
import type { Observations } from "../observations.ts";
import type { Comparison } from "../slices.ts";
import type { Breakdown } from "../traffic.ts";

/** What the requests of both windows cost the servers behind, as far as the log tells. */
export interface Cost {
  /** Length of the spike over that of the baseline. */
  readonly timeFactor: number;
  /** Seconds of the servers behind: those of the spike over what the baseline makes expect. */
  readonly ratio: number;
  /** Seconds beyond that. */
  readonly excessSecs: number;
  /** Requests that reached the servers behind, over those that the baseline makes expect; null where not told apart. */
  readonly askedRatio: number | null;
  /** Share of the requests that reached the servers behind, in each window; null likewise. */
  readonly askedShare: { readonly baseline: number; readonly spike: number } | null;
  /** Seconds for each request that reached them, in each window. */
  readonly secsEach: { readonly baseline: number; readonly spike: number };
  /** Shares of the excess seconds: by more requests, by more of them going past the cache, by each taking longer. */
  readonly byRequests: number;
  readonly byAsking: number;
  readonly bySlowness: number;
  /** Slices that carry the excess seconds, the largest first. */
  readonly carriers: readonly CarrierSlice[];
}

/** Prepares what the costs tell; null without seconds in both windows. */
export function costOf(
  { baseline, spike }: Breakdown,
  { cube, legs }: Observations,
  { timeFactor }: Comparison,
): Cost | null {
  if (baseline.backendSecs === null || spike.backendSecs === null) return null;
  const expected = baseline.backendSecs * timeFactor;
  if (expected <= 0 || baseline.requests === 0 || spike.requests === 0) return null;

  const asked = askedOf({ baseline, spike }, legs);
  const before = [
    { name: "requests", value: baseline.requests * timeFactor },
    { name: "asked", value: asked.baseline / baseline.requests },
    { name: "secs", value: baseline.backendSecs / Math.max(1, asked.baseline) },
  ];
  const after = [
    { name: "requests", value: spike.requests },
    { name: "asked", value: asked.spike / spike.requests },
    { name: "secs", value: spike.backendSecs / Math.max(1, asked.spike) },
  ];
  const parts = decompose({ before, after });
  const shareOf = (name: string) => (parts.change > 0 ? effectOf(parts, name) / parts.change : 0);
  return {
    timeFactor,
    ratio: spike.backendSecs / expected,
    excessSecs: spike.backendSecs - expected,
    askedRatio: asked.isTold ? asked.spike / Math.max(1, asked.baseline * timeFactor) : null,
    askedShare: asked.isTold
      ? { baseline: asked.baseline / baseline.requests, spike: asked.spike / spike.requests }
      : null,
    secsEach: {
      baseline: baseline.backendSecs / Math.max(1, asked.baseline),
      spike: spike.backendSecs / Math.max(1, asked.spike),
    },
    byRequests: shareOf("requests"),
    byAsking: shareOf("asked"),
    bySlowness: shareOf("secs"),
    carriers: cube === undefined ? [] : findCarriers(cube, "backendSecs", timeFactor),
  };
}

/** Nearly all reach the servers behind: then the log says nothing of a cache. */
const NO_CACHE_SHARE = 0.97;

/** How many requests reached the servers behind: the cache's misses, or those for which their time is known. */
function askedOf(
  { baseline, spike }: Pick<Breakdown, "baseline" | "spike">,
  legs: Observations["legs"],
): {
  readonly isTold: boolean;
  readonly baseline: number;
  readonly spike: number;
} {
  if (baseline.cacheMisses !== null && spike.cacheMisses !== null && baseline.cacheMisses > 0) {
    return { isTold: true, baseline: baseline.cacheMisses, spike: spike.cacheMisses };
  }
  const known = legs?.backend;
  if (known !== undefined && known.baseline.known > 0 && known.spike.known > 0) {
    const isTold = known.baseline.known < NO_CACHE_SHARE * baseline.requests;
    return { isTold, baseline: known.baseline.known, spike: known.spike.known };
  }
  return { isTold: false, baseline: baseline.requests, spike: spike.requests };
}
