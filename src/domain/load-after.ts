import { valuesIn } from "./movement.ts";
import { formatCount } from "./quantity.ts";
import { mean } from "./robust.ts";
import { MINUTE_MS, type TimeWindow } from "./time-window.ts";
import type { MetricName, MetricSeries } from "./traffic.ts";

interface Told {
  readonly metric: MetricName;
  readonly value: (level: number) => string;
  readonly clause: (value: string) => string;
  /** Whether none at all is no news. */
  readonly isSilentAtNone?: true;
}

/** What tells people how a service is, in the order of interest. */
const TOLD: readonly Told[] = [
  { metric: "blockedRequests", value: formatCount, clause: (value) => `the firewall stops ${value} requests a minute` },
  {
    metric: "challengedRequests",
    value: formatCount,
    clause: (value) => `it challenges ${value} requests a minute`,
    isSilentAtNone: true,
  },
  {
    metric: "latencyP95",
    value: (secs) => `${secs.toFixed(secs < 10 ? 2 : 0)} s`,
    clause: (value) => `95 % of the answers come within ${value}`,
  },
  { metric: "errors5xx", value: formatCount, clause: (value) => `${value} answers a minute are the servers' errors` },
  {
    metric: "cpu",
    value: (percent) => `${percent.toFixed(0)} %`,
    clause: (value) => `the hosts' CPUs are at ${value}`,
  },
  { metric: "healthyHosts", value: formatCount, clause: (value) => `${value} hosts are healthy` },
];

/**
 * Says how a service is after an action and was before it, by its metrics, in one sentence; null where no metric
 * reaches past the action. Only steps that lie entirely in a window count.
 */
export function loadAfter(
  metrics: readonly MetricSeries[],
  windows: { readonly before: TimeWindow; readonly after: TimeWindow },
): string | null {
  const clauses = TOLD.flatMap(({ metric, value, clause, isSilentAtNone = false }) => {
    const series = metrics.find((one) => one.metric === metric);
    const [before, after] = [levelIn(series, windows.before), levelIn(series, windows.after)];
    if (after === null || (isSilentAtNone && after === 0 && (before ?? 0) === 0)) return [];
    return [before === null ? clause(value(after)) : `${clause(value(after))} (${value(before)} before)`];
  });
  return clauses.length === 0 ? null : `By the metrics, ${clauses.join(", ")}.`;
}

/** Gives the mean level of a metric in a window, a total by the minute; null where nothing is known of it. */
export function levelIn(series: MetricSeries | undefined, window: TimeWindow): number | null {
  const values = series === undefined ? [] : valuesIn(series, window);
  if (series === undefined || values.length === 0) return null;
  return mean(values) * (series.aggregation === "sum" ? MINUTE_MS / series.stepMs : 1);
}
