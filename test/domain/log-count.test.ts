import { describe, expect, it } from "@jest/globals";
import { compareLogCount } from "../../src/domain/log-count.ts";
import type { MetricSeries, TrafficSeries } from "../../src/domain/traffic.ts";

const MINUTE_MS = 60_000;
const NOON_MS = Date.UTC(2026, 9, 1, 12);
const HOUR = { startMs: NOON_MS, endMs: NOON_MS + 60 * MINUTE_MS };
const WHOLE = { firstMs: NOON_MS, lastMs: HOUR.endMs - 1 };

function series(requests: readonly number[], startMs = NOON_MS): TrafficSeries {
  return { startMs, stepMs: MINUTE_MS, requests, bytes: [], errors: [], clients: [] };
}

function metric(values: readonly (number | null)[], given: Partial<MetricSeries> = {}): MetricSeries {
  const base = { metric: "requests", unit: "count", aggregation: "sum", startMs: NOON_MS, stepMs: MINUTE_MS } as const;
  return { ...base, values, ...given };
}

const tens = series(Array.from({ length: 60 }, () => 10));

describe("the log's count of requests against the metric's", () => {
  it("is their ratio over all whole steps", () => {
    const metrics = [metric([10, 10, 11, 9])];

    expect(compareLogCount({ series: tens, metrics, window: HOUR, intake: WHOLE })).toEqual({
      window: { startMs: NOON_MS, endMs: NOON_MS + 4 * MINUTE_MS },
      logRequests: 40,
      metricRequests: 40,
      share: 1,
    });
  });

  it.each([
    ["where the window cuts them", { ...HOUR, startMs: NOON_MS + 1 }, WHOLE, 3],
    ["where the log begins within them", HOUR, { ...WHOLE, firstMs: NOON_MS + MINUTE_MS + 1 }, 2],
    ["where the log ends within them", HOUR, { ...WHOLE, lastMs: NOON_MS + 2 * MINUTE_MS + 5 }, 2],
  ])("leaves out steps %s", (_why, window, intake, steps) => {
    const count = compareLogCount({ series: tens, metrics: [metric([10, 10, 10, 10])], window, intake });

    expect(count).toMatchObject({ logRequests: 10 * steps, metricRequests: 10 * steps });
  });

  it("leaves out steps for which nothing was recorded", () => {
    const count = compareLogCount({ series: tens, metrics: [metric([20, null, 20])], window: HOUR, intake: WHOLE });

    expect(count).toMatchObject({ logRequests: 20, metricRequests: 40, share: 0.5 });
  });

  it("adds up the series where the metric's steps are longer", () => {
    const metrics = [metric([50, 100], { stepMs: 5 * MINUTE_MS })];

    expect(compareLogCount({ series: tens, metrics, window: HOUR, intake: WHOLE })).toMatchObject({
      logRequests: 100,
      metricRequests: 150,
    });
  });

  it.each([
    ["is missing", []],
    ["is a mean", [metric([10], { aggregation: "mean" })]],
    ["is another one", [metric([10], { metric: "bytesOut" })]],
    ["counted nothing", [metric([0, 0])]],
    ["has shorter steps", [metric([10, 10], { stepMs: 1_000 })]],
    ["has steps that begin elsewhere", [metric([10, 10], { startMs: NOON_MS + 5_000 })]],
    ["is of another time", [metric([10], { startMs: NOON_MS + 120 * MINUTE_MS })]],
  ])("is not known where the metric %s", (_why, metrics) => {
    expect(compareLogCount({ series: tens, metrics, window: HOUR, intake: WHOLE })).toBeNull();
  });

  it("is not known where the log holds nothing", () => {
    const intake = { firstMs: null, lastMs: null };

    expect(compareLogCount({ series: series([]), metrics: [metric([10])], window: HOUR, intake })).toBeNull();
  });
});
