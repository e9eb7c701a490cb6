import type {
  ApdexCounts,
  ClientGroups,
  DurationHistogram,
  Endings,
  LatencyPercentiles,
  Legs,
  Regularity,
  RepeatCounts,
  Repeats,
  TrafficCube,
} from "./traffic.ts";

/** What people call slow. */
export const SLOW_SECS = 1;
/** So soon nobody asks for the same thing again by hand. */
export const REPEAT_SECS = 2;

/**
 * What a log was asked beyond counts, once something unusual was found in it. Left out is what was not asked, or what
 * the log cannot tell.
 */
export interface Observations {
  /** Values that may be guilty, all together. */
  readonly cube?: TrafficCube;
  /** The clients that are not heavy by themselves. */
  readonly groups?: ClientGroups;
  /** New clients that behave like programs and came to where most of them did, the busiest first. */
  readonly strangers?: readonly { readonly client: string; readonly requests: number }[];
  /** Requests that repeat one of the same client within two seconds, by user agent. */
  readonly repeats?: Repeats;
  /** Requests that follow a failed one of the same client for the same path within twenty seconds. */
  readonly retries?: { readonly baseline: RepeatCounts; readonly spike: RepeatCounts };
  /** Of the heaviest clients. */
  readonly regularity?: readonly Regularity[];
  readonly legs?: Legs;
  /** How long pages take, of the site and the page alone that carry the additional seconds, with `PAGE_PERCENTILES`. */
  readonly pages?: LatencyPercentiles;
  readonly connect?: DurationHistogram;
  readonly endings?: { readonly baseline: Endings; readonly spike: Endings };
  readonly apdex?: { readonly baseline: ApdexCounts; readonly spike: ApdexCounts };
}
