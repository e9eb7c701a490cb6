import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { seasonalShape } from "../../src/domain/season.ts";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../src/domain/time-window.ts";
import type { TrafficSeries } from "../../src/domain/traffic.ts";

const MONDAY_MS = Date.UTC(2026, 10, 2);

function seriesFrom(startMs: number, requests: readonly number[], stepMs = MINUTE_MS): TrafficSeries {
  return { startMs, stepMs, requests, bytes: [], errors: [], clients: [] };
}

function curve(atMs: number): number {
  return 300 - 200 * Math.cos((2 * Math.PI * atMs) / DAY_MS);
}

function days(count: number, of: (atMs: number) => number, stepMs = 5 * MINUTE_MS): TrafficSeries {
  const steps = (count * DAY_MS) / stepMs;
  return seriesFrom(
    MONDAY_MS,
    Array.from({ length: steps }, (_, i) => of(MONDAY_MS + i * stepMs)),
    stepMs,
  );
}

function hoursAfter(history: TrafficSeries, hours: number): TrafficSeries {
  const startMs = history.startMs + history.requests.length * history.stepMs;
  return seriesFrom(startMs + 6 * HOUR_MS, new Array<number>(hours * 60).fill(0));
}

describe("seasonalShape", () => {
  it("is the curve of the day, whatever the traffic's level", () => {
    const history = days(5, curve);
    const series = hoursAfter(history, 4);

    const shape = seasonalShape(series, history) ?? [];

    const expected = series.requests.map((_, i) => curve(series.startMs + i * MINUTE_MS));
    const mean = expected.reduce((total, value) => total + value, 0) / expected.length;
    for (const [i, share] of shape.entries()) expect(share).toBeCloseTo((expected[i] ?? 0) / mean, 1);
  });

  it("is not bent by one bad day of several", () => {
    const bad = MONDAY_MS + 2 * DAY_MS;
    const history = days(5, (atMs) => (atMs >= bad && atMs < bad + DAY_MS ? 40 * curve(atMs) : curve(atMs)));

    const shape = seasonalShape(hoursAfter(history, 2), history) ?? [];

    const without = seasonalShape(hoursAfter(history, 2), days(5, curve)) ?? [];
    expect(shape).toHaveLength(120);
    for (const [i, share] of shape.entries()) expect(share).toBeCloseTo(without[i] ?? 0, 6);
  });

  it("holds weekends against weekends once there are three days of them", () => {
    const isWeekend = (atMs: number) => [0, 6].includes(new Date(atMs).getUTCDay());
    // Weekends peak at six, other days never do.
    const of = (atMs: number) => (isWeekend(atMs) && new Date(atMs).getUTCHours() === 7 ? 900 : 100);
    const history = days(19, of);

    const shape = seasonalShape(hoursAfter(history, 4), history) ?? [];

    expect(new Date(hoursAfter(history, 4).startMs).getUTCDay()).toBe(6);
    expect(Math.max(...shape)).toBeGreaterThan(2);
  });

  it.each([
    ["one day", days(1, curve)],
    ["nothing", days(0, curve)],
    ["no request", days(5, () => 0)],
    ["no numbers", days(5, () => Number.NaN)],
  ])("is unknown by a history of %s", (_, history) => {
    expect(seasonalShape(seriesFrom(MONDAY_MS + 5 * DAY_MS, new Array<number>(120).fill(1)), history)).toBeNull();
  });

  it("is at least a tenth, 1 on average otherwise, and never NaN", () => {
    const value = fc.oneof(fc.nat(1_000), fc.constant(Number.NaN), fc.constant(0));
    fc.assert(
      fc.property(fc.array(value, { minLength: 72, maxLength: 72 }), (requests) => {
        const history = seriesFrom(MONDAY_MS, requests, HOUR_MS);
        const shape = seasonalShape(seriesFrom(MONDAY_MS + 3 * DAY_MS, new Array<number>(60).fill(1)), history);

        for (const share of shape ?? []) expect(share).toBeGreaterThanOrEqual(0.1);
      }),
    );
  });
});
