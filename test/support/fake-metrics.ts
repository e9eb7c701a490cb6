import type { TimeWindow } from "../../src/domain/time-window.ts";
import type { MetricSeries } from "../../src/domain/traffic.ts";
import type { MetricsSource } from "../../src/ports/metrics-source.ts";

export interface FakeMetrics extends MetricsSource {
  series: readonly MetricSeries[];
  /** Thrown by the next read, once. */
  failNext: Error | null;
  /** Windows that were read. */
  readonly reads: TimeWindow[];
}

/** Metrics that are what they are told, whatever the window. */
export function createFakeMetrics(series: readonly MetricSeries[] = []): FakeMetrics {
  const fake: FakeMetrics = {
    series,
    failNext: null,
    reads: [],
    async read(window, _signal, only) {
      const error = fake.failNext;
      fake.failNext = null;
      if (error !== null) throw error;
      fake.reads.push(window);
      return fake.series.filter(({ metric }) => only === undefined || only.includes(metric));
    },
  };
  return fake;
}
