import { expect, it } from "@jest/globals";
import { levelIn, loadAfter } from "../../src/domain/load-after.ts";
import { MINUTE_MS } from "../../src/domain/time-window.ts";
import type { MetricName, MetricSeries } from "../../src/domain/traffic.ts";

const before = { startMs: 0, endMs: 2 * MINUTE_MS };
const after = { startMs: 2 * MINUTE_MS, endMs: 4 * MINUTE_MS };

function series(
  metric: MetricName,
  values: readonly (number | null)[],
  aggregation: "sum" | "mean" = "mean",
): MetricSeries {
  return { metric, unit: "count", aggregation, startMs: 0, stepMs: MINUTE_MS, values };
}

it("says how the service is and was, in the order of interest", () => {
  const metrics = [
    series("cpu", [92, 92, 41, 41]),
    series("latencyP95", [2.1, 2.1, 0.8, 0.8]),
    series("blockedRequests", [10, 14, 5_900, 5_900], "sum"),
    series("bytesOut", [1, 1, 1, 1]),
  ];

  expect(loadAfter(metrics, { before, after })).toBe(
    "By the metrics, the firewall stops 5,900 requests a minute (12 before), " +
      "95 % of the answers come within 0.80 s (2.10 s before), the hosts' CPUs are at 41 % (92 % before).",
  );
});

it("leaves out what does not reach past the action, and says nothing of nothing", () => {
  expect(loadAfter([series("cpu", [92, 92, null, null])], { before, after })).toBeNull();
  expect(loadAfter([series("healthyHosts", [null, null, 4, 4])], { before, after })).toBe(
    "By the metrics, 4 hosts are healthy.",
  );
  expect(loadAfter([], { before, after })).toBeNull();
});

it("takes a total by the minute, whatever its steps", () => {
  const five = { ...series("requests", [500, 1_000], "sum"), stepMs: 5 * MINUTE_MS };

  expect(levelIn(five, { startMs: 0, endMs: 5 * MINUTE_MS })).toBe(100);
  expect(levelIn(five, { startMs: MINUTE_MS, endMs: 9 * MINUTE_MS })).toBeNull();
});
