import type { Movement } from "./finding.ts";
import { batchVariance, errorOfMean } from "./mean-error.ts";
import { mean, sum } from "./robust.ts";
import { MINUTE_MS, type TimeWindow } from "./time-window.ts";
import type { MetricSeries, TrafficSeries } from "./traffic.ts";

/**
 * Tells for every metric whether it moved between two windows: "unchanged" has to be shown, not assumed.
 *
 * What the log itself gives (requests, bytes, clients, errors) comes first, and is preferred where a metric of the
 * same name is given too. Only steps that lie entirely in a window count.
 */
export function compareMetrics(
  series: TrafficSeries,
  metrics: readonly MetricSeries[],
  windows: { readonly baseline: TimeWindow; readonly spike: TimeWindow },
): readonly Movement[] {
  const own = fromLog(series).filter(({ values }) => values.length > 0);
  const others = metrics.filter(({ metric }) => !own.some((known) => known.metric === metric));
  return [...own, ...others].flatMap((metric) => {
    const baseline = valuesIn(metric, windows.baseline);
    const spike = valuesIn(metric, windows.spike);
    return baseline.length === 0 || spike.length === 0 ? [] : [compare(metric, baseline, spike)];
  });
}

function fromLog(series: TrafficSeries): readonly MetricSeries[] {
  const { startMs, stepMs } = series;
  const counts = { unit: "count", startMs, stepMs } as const;
  return [
    { ...counts, metric: "requests", aggregation: "sum", values: series.requests },
    { ...counts, metric: "bytesOut", aggregation: "sum", unit: "bytes", values: series.bytes },
    // Distinct within each step, so that adding them up would count people twice.
    { ...counts, metric: "clients", aggregation: "mean", values: series.clients },
    { ...counts, metric: "errors5xx", aggregation: "sum", values: series.errors },
  ];
}

/** Gives the values of the steps that lie entirely in a window. */
export function valuesIn(
  series: Pick<MetricSeries, "startMs" | "stepMs" | "values">,
  window: TimeWindow,
): readonly number[] {
  if (series.stepMs <= 0) return [];
  const first = Math.max(0, Math.ceil((window.startMs - series.startMs) / series.stepMs));
  const end = Math.max(first, Math.floor((window.endMs - series.startMs) / series.stepMs));
  return series.values.slice(first, end).filter((value): value is number => value !== null && Number.isFinite(value));
}

/**
 * A tenth more or less is no change that matters.
 * @source Schuirmann, "A comparison of the two one-sided tests procedure…", J. Pharmacokinet. Biopharm. 15 (1987)
 */
const EQUIVALENT = 1.1;

function compare(metric: MetricSeries, baseline: readonly number[], spike: readonly number[]): Movement {
  const perMin = metric.aggregation === "sum" ? MINUTE_MS / metric.stepMs : 1;
  const usual = mean(baseline) * perMin;
  const now = mean(spike) * perMin;
  const movement = { metric: metric.metric, baseline: usual, spike: now };
  if (usual <= 0) {
    const state = now === 0 ? "unchanged" : isMany(metric, spike) ? "moved" : "cannot-tell";
    return { ...movement, ratio: null, low: null, high: null, state };
  }
  const ratio = now / usual;
  const margin = logMargin(metric, baseline, spike);
  if (margin === null) return { ...movement, ratio, low: null, high: null, state: "cannot-tell" };
  // Without a single count the interval begins at zero, and ends where half a count would.
  const centre = now > 0 ? ratio : 0.5 / sum(spike.length < baseline.length ? baseline : spike.concat(baseline));
  const low = now > 0 ? ratio / margin : 0;
  const high = centre * margin;
  return { ...movement, ratio, low, high, state: stateOf(low, high) };
}

function stateOf(low: number, high: number): Movement["state"] {
  if (low > EQUIVALENT || high < 1 / EQUIVALENT) return "moved";
  return low >= 1 / EQUIVALENT && high <= EQUIVALENT ? "unchanged" : "cannot-tell";
}

/** So many events cannot come from a rate that gave none over the whole baseline by chance. */
const MANY = 10;

function isMany(metric: MetricSeries, spike: readonly number[]): boolean {
  return metric.unit !== "count" || sum(spike) >= MANY;
}

/** Two-sided 95 % quantiles of Student's t for 2 to 9 degrees of freedom; with more it hardly falls. */
const STUDENT_T = [4.3, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26];

/**
 * Gives the factor by which the ratio may be off either way; null for fewer than three steps.
 *
 * Both means may be off by as much as the baseline's steps make expect, or as batches of their own differ. The shape of
 * a spike is no uncertainty of its mean, so that likeness of neighbours is read from the baseline alone.
 */
function logMargin(metric: MetricSeries, baseline: readonly number[], spike: readonly number[]): number | null {
  if (Math.min(baseline.length, spike.length) < 3) return null;
  const isEvents = metric.unit === "count" && metric.aggregation === "sum";
  const usual = errorOfMean(baseline, baseline.length, isEvents);
  const now = errorOfMean(baseline, spike.length, isEvents);
  const error = Math.sqrt(
    Math.max(usual.variance, ownVariance(baseline, isEvents)) + Math.max(now.variance, ownVariance(spike, isEvents)),
  );
  const degrees = Math.floor(Math.min(usual.degrees, spike.length - 1)) - 2;
  const student = STUDENT_T[Math.min(Math.max(degrees, 0), STUDENT_T.length - 1)] ?? 0;
  // A factor of a million says "no idea" as well as infinity does, and stays a number.
  return Math.exp(Math.min(student * error, Math.log(1e6)));
}

/** From batches; and of counted events at least that of their total, which batches of zeros would hide. */
function ownVariance(values: readonly number[], isEvents: boolean): number {
  const total = sum(values);
  const ofTotal = isEvents ? 1 / Math.max(total, 0.5) : 0;
  return total > 0 ? Math.max(batchVariance(values), ofTotal) : ofTotal;
}
