import type { FindingDetails } from "./finding-details.ts";
import type { Prediction } from "./prediction.ts";
import type { Change } from "./proposal.ts";
import type { Dimension, MetricName } from "./traffic.ts";

/**
 * What can be behind a spike.
 *
 * - `heavy-client`: one or few clients ask for far more than is usual; `scanner`: they look for what does not exist
 * - `distributed-flood`: very many clients that are no people; `flash-crowd`: very many that are
 * - `cache-bypass`: requests that the cache could have answered reach the servers behind
 * - `client-regression`: every client sends more, in proportion: the page, the app or a release does it
 * - `retry-storm`: clients ask again because they got no good answer
 * - `slow-backend`: answers take longer, and no traffic explains it
 * - `no-anomaly`: nothing unusual; `unknown`: something unusual that none of the others fits
 */
export const CAUSE_KINDS = [
  "heavy-client",
  "scanner",
  "distributed-flood",
  "flash-crowd",
  "cache-bypass",
  "client-regression",
  "retry-storm",
  "slow-backend",
  "no-anomaly",
  "unknown",
] as const;
export type CauseKind = (typeof CAUSE_KINDS)[number];

/** When the excess began and ended. */
export interface Onset {
  /** Epoch ms. */
  readonly onsetMs: number;
  /** The interval in which the true onset lies with about 95 % likelihood, epoch ms. */
  readonly lowMs: number;
  readonly highMs: number;
  /** First moment back at the usual level; null while it goes on. */
  readonly endMs: number | null;
  /** Requests during the spike over the requests expected in the same time. */
  readonly ratio: number;
}

/** How one metric of the service behaved during the spike against before it. */
export interface Movement {
  readonly metric: MetricName;
  /** Mean per minute for totals, mean for levels; the metric's own unit. */
  readonly baseline: number;
  readonly spike: number;
  /** spike / baseline, with its 95 % interval; null where the baseline is zero. */
  readonly ratio: number | null;
  readonly low: number | null;
  readonly high: number | null;
  readonly state: "moved" | "unchanged" | "cannot-tell";
}

/** What of the traffic rose: what a spike is a spike of. */
export const MEASURES = ["requests", "backendSecs", "totalSecs", "errors", "bytes"] as const;
export type Measure = (typeof MEASURES)[number];

/** One observation for or against a cause. */
export interface Evidence {
  /** A static kebab-case label, such as `share-of-excess`. */
  readonly code: string;
  readonly direction: "for" | "against";
  /** One clause a person understands, with its number: "85 % of the excess is one address". */
  readonly statement: string;
  /** The number in `statement`; its unit is told by `code`. */
  readonly value: number;
}

/** What may explain (a part of) the excess. */
export interface Cause {
  readonly kind: CauseKind;
  /** The guilty slice; empty where no slice is guilty. */
  readonly slice: Readonly<Partial<Record<Dimension, string>>>;
  /** The addresses behind it where they are too many to be told one by one, the busiest first; left out elsewhere. */
  readonly suspects?: readonly string[];
  /** The slice's share of all that the finding's measure has in excess; above 1 where others fell. */
  readonly excessShare: number;
  /** How well the evidence fits, 0–1; not a probability. */
  readonly score: number;
  readonly evidence: readonly Evidence[];
  readonly rivals: readonly {
    readonly kind: CauseKind;
    readonly score: number;
    /** The observation that would decide between the two. */
    readonly decidedBy: string;
  }[];
}

/** A change worth offering, before anybody asked for it. */
export interface Suggestion {
  readonly change: Change;
  readonly predicted: Prediction;
  /** Why this and not another, in one sentence. */
  readonly because: string;
  /** What to make sure of before it is approved, also told in `because`; left out where nothing asks for it. */
  readonly caution?: string;
}

/** What people can do about a cause that is not a change which Spillway makes. */
export const ADVICE_KINDS = ["rate-limit", "challenge", "cache", "fix", "none"] as const;
export interface Advice {
  /**
   * - `rate-limit`, `challenge`: in the firewall, for what `slice` says
   * - `cache`: see that the cache can answer; `fix`: a release, a client or a server; `none`: wait, or do nothing
   */
  readonly kind: (typeof ADVICE_KINDS)[number];
  readonly slice: Readonly<Partial<Record<Dimension, string>>>;
  /** Null where it takes no requests away. */
  readonly predicted: Prediction | null;
  /** What to do and why, in one sentence. */
  readonly because: string;
}

/** The answer to "what is going on?". Every number can be recomputed from the windows and the filter. */
export interface Finding {
  readonly service: string;
  /** Null where nothing unusual was found. */
  readonly onset: Onset | null;
  /** Two sentences that a tired person understands. */
  readonly verdict: string;
  /** Best first; never empty. */
  readonly causes: readonly [Cause, ...Cause[]];
  readonly moved: readonly Movement[];
  /** `unchanged` and `cannot-tell`. */
  readonly unmoved: readonly Movement[];
  readonly suggestions: readonly Suggestion[];
  /** What rose; requests where nothing is said. */
  readonly measure?: Measure;
  /** Left out by findings from before there was any. */
  readonly advice?: readonly Advice[];
  readonly details?: FindingDetails;
}
