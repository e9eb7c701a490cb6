import type { TimeWindow } from "../domain/time-window.ts";
import type { MetricName, MetricSeries } from "../domain/traffic.ts";

export interface MetricsSource {
  /**
   * Only the metrics that are configured and exist; never a made-up zero.
   *
   * @param only those that are wanted, so that no others are asked for; all where it is left out
   */
  read(window: TimeWindow, signal?: AbortSignal, only?: readonly MetricName[]): Promise<readonly MetricSeries[]>;
}
