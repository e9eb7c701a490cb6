import { describe, expect, it } from "@jest/globals";
import { sightingIn } from "../../src/domain/sighting.ts";
import { DAY_MS, MINUTE_MS } from "../../src/domain/time-window.ts";
import type { MetricSeries } from "../../src/domain/traffic.ts";
import { poisson, seededRandom } from "../support/simulate-traffic.ts";

const STEP_MS = 5 * MINUTE_MS;
const DAY_STEPS = DAY_MS / STEP_MS;
const START_MS = Date.UTC(2026, 10, 2);
const DAYS = 8;
/** In the afternoon of the last day. */
const AT = (DAYS - 1) * DAY_STEPS + 170;

function metric(
  level: number,
  factor: (step: number) => number,
  more: Partial<MetricSeries> & { steps?: number } = {},
): MetricSeries {
  const random = seededRandom(5);
  const values = Array.from({ length: more.steps ?? AT + 4 }, (_, step) => {
    const curve = 1 - 0.6 * Math.cos((2 * Math.PI * step) / DAY_STEPS);
    return poisson(level * curve * factor(step), random);
  });
  return { metric: "requests", unit: "count", aggregation: "sum", startMs: START_MS, stepMs: STEP_MS, values, ...more };
}

function sightingOf(series: MetricSeries) {
  return sightingIn(series, series.startMs + (series.values.length - 6) * STEP_MS);
}

const times = (factor: number) => (step: number) => (step >= AT ? factor : 1);

describe("sightingIn", () => {
  it("tells since when, how much, and what is usual at this time of day", () => {
    const seen = sightingOf(metric(5_000, times(4)));

    expect(seen).toMatchObject({ metric: "requests", unit: "count", isSeasonal: true });
    expect(seen?.openedMs).toBe(START_MS + AT * STEP_MS);
    expect(seen?.seenMs).toBe(START_MS + (AT + 3) * STEP_MS);
    // 1,000 a minute, on the curve at 14:10, which is 1.5 times the mean.
    expect(seen?.usual).toBeGreaterThan(1_400);
    expect(seen?.usual).toBeLessThan(1_600);
    expect(seen?.ratio).toBeCloseTo(4, 0);
  });

  it("sees traffic vanish", () => {
    expect(sightingOf(metric(5_000, times(0)))).toMatchObject({ level: 0, ratio: 0 });
  });

  it("holds a service of some hours against the hours before", () => {
    const short = metric(5_000, (step) => (step >= 150 ? 4 : 1), { steps: 153 });

    expect(sightingOf(short)).toMatchObject({ isSeasonal: false, openedMs: START_MS + 150 * STEP_MS });
  });

  it("takes means as they are", () => {
    const values = metric(5_000, times(4)).values.map((value) => (value ?? 0) / 1e5);
    const latency = metric(0, () => 0, { metric: "latency", unit: "seconds", aggregation: "mean", values });

    expect(sightingOf(latency)?.level).toBeGreaterThan(0.25);
    expect(sightingOf(latency)?.level).toBeLessThan(0.35);
  });

  it.each([
    ["an ordinary day", metric(5_000, () => 1)],
    ["what is over", metric(5_000, (step) => (step >= AT - 60 && step < AT - 50 ? 4 : 1))],
    ["a quarter more, however new", metric(50_000, times(1.25))],
    ["a few requests more on a small site", metric(1, times(20))],
    ["a few errors more", metric(1, times(10), { metric: "errors5xx" })],
    ["less latency", metric(5_000, times(0.2), { metric: "latency", unit: "seconds", aggregation: "mean" })],
    ["nothing", metric(0, () => 0, { values: [] })],
    ["no value", metric(0, () => 0, { values: new Array<null>(500).fill(null) })],
    ["one value", metric(0, () => 0, { values: [5] })],
    ["always the same", metric(0, () => 0, { values: new Array<number>(500).fill(5_000) })],
  ])("tells nothing of %s", (_, series) => {
    expect(sightingOf(series)).toBeNull();
  });

  it("passes over gaps", () => {
    const whole = metric(5_000, times(4));
    const values = whole.values.map((value, step) => (step % 97 === 0 && step < AT ? null : value));

    expect(sightingOf({ ...whole, values })?.openedMs).toBe(START_MS + AT * STEP_MS);
  });
});
