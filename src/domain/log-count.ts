import type { TimeWindow } from "./time-window.ts";
import type { Intake, MetricSeries, TrafficSeries } from "./traffic.ts";

/** How many requests the log has of those that the metric counted. */
export interface LogCount {
  /** The whole steps that were compared. */
  readonly window: TimeWindow;
  readonly logRequests: number;
  readonly metricRequests: number;
  /** Of the metric's, in the log: 1 where both say the same; more where the metric counts less. */
  readonly share: number;
}

/**
 * Holds the log's count of requests against the metric `requests`, over whole steps of the metric that lie in the window
 * and between the log's first and last record: what is not written yet is not lost.
 *
 * @param compared.series all requests of the log, unfiltered
 * @returns null where the metric is missing, is no sum, counted nothing, or has steps that the series does not share
 */
export function compareLogCount(compared: {
  readonly series: TrafficSeries;
  readonly metrics: readonly MetricSeries[];
  readonly window: TimeWindow;
  readonly intake: Pick<Intake, "firstMs" | "lastMs">;
}): LogCount | null {
  const { series, intake } = compared;
  const metric = compared.metrics.find(({ metric, aggregation }) => metric === "requests" && aggregation === "sum");
  if (metric === undefined || intake.firstMs === null || intake.lastMs === null) return null;
  if (metric.stepMs % series.stepMs !== 0 || (metric.startMs - series.startMs) % series.stepMs !== 0) return null;
  const fromMs = Math.max(compared.window.startMs, intake.firstMs, series.startMs);
  const seriesEndMs = series.startMs + series.requests.length * series.stepMs;
  const untilMs = Math.min(compared.window.endMs, intake.lastMs + 1, seriesEndMs);
  const steps = metric.values.flatMap((value, index) => {
    const startMs = metric.startMs + index * metric.stepMs;
    const isWithin = startMs >= fromMs && startMs + metric.stepMs <= untilMs;
    return isWithin && value !== null ? [{ startMs, value }] : [];
  });
  const [first] = steps;
  const last = steps.at(-1);
  const metricRequests = steps.reduce((sum, { value }) => sum + value, 0);
  if (first === undefined || last === undefined || metricRequests === 0) return null;
  const logRequests = steps.reduce((sum, { startMs }) => sum + requestsIn(series, startMs, metric.stepMs), 0);
  return {
    window: { startMs: first.startMs, endMs: last.startMs + metric.stepMs },
    logRequests,
    metricRequests,
    share: logRequests / metricRequests,
  };
}

function requestsIn({ startMs, stepMs, requests }: TrafficSeries, fromMs: number, lengthMs: number): number {
  const first = (fromMs - startMs) / stepMs;
  return requests.slice(first, first + lengthMs / stepMs).reduce((sum, count) => sum + count, 0);
}
