import { describe, expect, it } from "@jest/globals";
import type { AnalysisInput } from "../../src/domain/analysis-input.ts";
import { findDetails } from "../../src/domain/finding-details.ts";
import { compareWindows } from "../../src/domain/slices.ts";
import { MINUTE_MS } from "../../src/domain/time-window.ts";
import { buildBreakdown, counts } from "../support/build-scene.ts";
import { NO_LIMITS } from "../support/build-traffic.ts";

function input(given: Partial<AnalysisInput> = {}): AnalysisInput {
  const breakdown = given.breakdown ?? buildBreakdown();
  const steps = (before: number, after: number) =>
    Array.from({ length: 120 }, (_, minute) => (minute < 60 ? before : after));
  return {
    service: "web",
    series: {
      startMs: breakdown.baselineWindow.startMs,
      stepMs: MINUTE_MS,
      requests: steps(100, 300),
      bytes: steps(100_000, 240_000),
      errors: steps(0, 0),
      clients: steps(20, 20),
    },
    onset: null,
    breakdown,
    metrics: [],
    limits: NO_LIMITS,
    ...given,
  };
}

function detailsOf(given: AnalysisInput) {
  return findDetails(given, compareWindows(given.breakdown));
}

describe("the details of a finding", () => {
  it("take bytes a minute apart, and add up to all of the change", () => {
    const { bytes } = detailsOf(input());

    expect(bytes?.effects.map(({ before, after }) => (after ?? 0) / (before ?? 1))).toEqual([1, 3, 0.8]);
    expect(bytes?.effects.reduce((sum, { effect }) => sum + effect, 0)).toBeCloseTo(140_000, 6);
  });

  it("leave out what the log cannot tell", () => {
    expect(Object.keys(detailsOf(input())).sort()).toEqual(["bytes", "concentration", "extraRequests"]);
  });

  it("leave out bytes where nobody was there before", () => {
    const nobody = input();

    expect(detailsOf({ ...nobody, series: { ...nobody.series, clients: [] } })).not.toHaveProperty("bytes");
  });

  it("tell the seconds of the servers behind, and what a month costs, where these are known", () => {
    const breakdown = buildBreakdown({
      baseline: counts(6_000, { backendSecs: 600 }),
      spike: counts(18_000, { backendSecs: 1_800 }),
    });
    const prices = { instanceHourUsd: null, requestsPer1000Usd: 0.01, egressPerGbUsd: null };

    const details = detailsOf(input({ breakdown, limits: { ...NO_LIMITS, prices } }));

    expect(details.backendSecs?.change).toBeCloseTo(1_200, 6);
    // 12,000 more an hour for 730 hours, at a cent for a thousand.
    expect(details.costPerMonth?.totalUsd).toBeCloseTo(87.6, 6);
  });

  it("name slices by what rose, and none of what did not", () => {
    const cube = {
      dimensions: ["ip"] as const,
      cells: [
        { values: [null], baseline: counts(6_000), spike: counts(6_000) },
        { values: ["198.51.100.14"], baseline: counts(0), spike: counts(12_000) },
      ],
    };

    const { slices } = detailsOf(input({ observations: { cube } }));

    expect(slices?.requests).toMatchObject([{ values: { ip: "198.51.100.14" } }]);
    expect(slices).not.toHaveProperty("errors");
  });
});
