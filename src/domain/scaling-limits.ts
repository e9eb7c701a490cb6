import { decomposeBackendSecs, effectOf } from "./decomposition.ts";
import { formatRatio } from "./quantity.ts";
import { type Scalability, throughputAt } from "./scalability.ts";
import type { TrafficCounts } from "./traffic.ts";

/**
 * Why more instances would not help.
 *
 * - `slower-behind`: as many requests as ever take more seconds of the servers behind each: what they wait for (a
 *   database, another service) is the limit
 * - `cache-bypass`: requests that a cache answered before reach the servers; that is mended at the cache
 * - `contention`: throughput hardly grows or falls with more, by the fitted law
 */
export type ScalingLimit = "slower-behind" | "cache-bypass" | "contention";

/** Whether more instances would help, and why not. */
export interface ScalingOutlook {
  readonly mayHelp: boolean;
  readonly limits: readonly {
    readonly limit: ScalingLimit;
    /** One clause with its number, for people. */
    readonly statement: string;
    /** What the statement is about: a ratio, or for `contention` the share of what is hoped for that would come, 0–1. */
    readonly value: number;
  }[];
}

/** A tenth more or less is no change that matters, as for metrics. */
const SAME = 1.1;
/** Half as much again: below, a busy hour does it. */
const MUCH_MORE = 1.5;
/** Of the throughput that twice as many should add, less than half comes. */
const MIN_YIELD = 0.5;

/**
 * Tells whether more instances can help against what was measured; `mayHelp` says no more than that nothing speaks
 * against it.
 *
 * @param measured.timeFactor length of the spike's window over that of the baseline
 * @param measured.fitted with how many serve now; null where nothing was fitted
 */
export function scalingOutlook(measured: {
  readonly baseline: TrafficCounts;
  readonly spike: TrafficCounts;
  readonly timeFactor: number;
  readonly fitted: { readonly scalability: Scalability; readonly n: number } | null;
}): ScalingOutlook {
  const limits = [slowerBehind(measured), cacheBypass(measured), contention(measured.fitted)].filter(
    (limit) => limit !== null,
  );
  return { mayHelp: limits.length === 0, limits };
}

type Limit = ScalingOutlook["limits"][number];
type Windows = Pick<Parameters<typeof scalingOutlook>[0], "baseline" | "spike" | "timeFactor">;

function slowerBehind({ baseline, spike, timeFactor }: Windows): Limit | null {
  const usual = timeFactor * baseline.requests;
  if (usual <= 0 || spike.requests <= 0 || spike.requests > SAME * usual) return null;
  // With a cache that answers less, each request takes more seconds though none of the servers is slower.
  const knowsMisses = [baseline, spike].every(({ cacheMisses }) => (cacheMisses ?? 0) > 0);
  const each = ({ requests, cacheMisses, backendSecs }: TrafficCounts) =>
    (backendSecs ?? 0) / ((knowsMisses && cacheMisses) || requests);
  const before = each(baseline);
  const value = before > 0 && spike.backendSecs !== null ? each(spike) / before : 0;
  if (value < MUCH_MORE) return null;
  const statement = `each request takes ${formatRatio(value)} the seconds of the servers behind, though there are no more of them`;
  return { limit: "slower-behind", statement, value };
}

function cacheBypass({ baseline, spike, timeFactor }: Windows): Limit | null {
  const divided = decomposeBackendSecs(baseline, spike, timeFactor);
  const ratio = divided?.effects.find(({ name }) => name === "miss-ratio");
  if (divided === null || !ratio?.before || !ratio.after || divided.change <= 0) return null;
  const value = ratio.after / ratio.before;
  const isMain = effectOf(divided, "miss-ratio") >= divided.change / 2;
  if (value < MUCH_MORE || !isMain) return null;
  const statement = `the cache leaves ${formatRatio(value)} the usual share of requests to the servers behind`;
  return { limit: "cache-bypass", statement, value };
}

/** Of a law that was not fitted from enough levels nothing can be said. */
function contention(fitted: Parameters<typeof scalingOutlook>[0]["fitted"]): Limit | null {
  if (fitted === null || fitted.scalability.kind === "linear") return null;
  const now = throughputAt(fitted.scalability, fitted.n);
  const value = now > 0 ? throughputAt(fitted.scalability, 2 * fitted.n) / now - 1 : 1;
  if (value >= MIN_YIELD) return null;
  const statement =
    value <= 0
      ? "twice as many would serve no more than now"
      : `twice as many would serve only ${formatRatio(1 + value)} as much`;
  return { limit: "contention", statement, value: Math.max(0, value) };
}
