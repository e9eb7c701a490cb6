import type { RateLimit } from "./address-measure.ts";
import type { Capacity } from "./capacity.ts";
import type { Prices } from "./cost.ts";
import type { CheckedCrawler } from "./crawlers.ts";
import type { Measure, Onset } from "./finding.ts";
import type { GuardedRange } from "./guard.ts";
import type { Observations } from "./observations.ts";
import type { Breakdown, MetricSeries, TrafficSeries } from "./traffic.ts";

/** Everything that a verdict is made from. */
export interface AnalysisInput {
  readonly service: string;
  /** Minute steps over baseline and spike together. */
  readonly series: TrafficSeries;
  /** From `detectOnset(series)`, or set by who asked; null where nothing unusual was found. */
  readonly onset: Onset | null;
  /** What rose at the onset; requests where nothing is said. */
  readonly measure?: Measure;
  /** Whether it rises out of the whole, or only in a part beside the rest; the whole where nothing is said. */
  readonly foundIn?: "whole" | "part";
  /** Whether requests rise as they did at this time on earlier days; not where nothing is said. */
  readonly risesEveryDay?: boolean;
  readonly observations?: Observations;
  /** Baseline against spike; with no onset, the earlier against the later half. */
  readonly breakdown: Breakdown;
  readonly metrics: readonly MetricSeries[];
  /** What is known of heavy clients that are crawlers, or say so; nothing where nobody was asked. */
  readonly crawlers?: readonly CheckedCrawler[];
  readonly limits: {
    /** Addresses and networks that are never blocked. */
    readonly neverBlock: readonly string[];
    /** What else is never blocked, with the reason why; nothing where it is not given. */
    readonly guarded?: readonly GuardedRange[];
    /** Addresses and networks that are blocked now; they are named as such and not offered again. */
    readonly blocked: readonly string[];
    readonly blockSecs: number;
    readonly maxAddresses: number;
    /** Null where the service cannot be scaled by us. */
    readonly capacity: Capacity | null;
    /** How many requests one instance works on at once, its workers; left out where it is not known. */
    readonly requestsAtOnce?: number | null;
    readonly instanceHourUsd: number | null;
    /** What requests and bytes cost; left out where no price is configured. */
    readonly prices?: Prices;
    /** Whether addresses can be blocked at all. */
    readonly mayBlock: boolean;
    /** The rules that are prepared beside the one that blocks; left out where nothing is known of a firewall. */
    readonly prepared?: {
      /** Null where none is; `standing` are the addresses and networks in their sets by us, not offered again. */
      readonly rateLimit: (RateLimit & { readonly standing: readonly string[] }) | null;
      readonly challenge: { readonly standing: readonly string[] } | null;
    };
    /** Whether to offer what would have helped against an excess that is over: for logs read after the fact. */
    readonly offersForPast: boolean;
  };
}
