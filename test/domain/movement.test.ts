import { describe, expect, it } from "@jest/globals";
import { compareMetrics } from "../../src/domain/movement.ts";
import { MINUTE_MS } from "../../src/domain/time-window.ts";
import type { MetricSeries, TrafficSeries } from "../../src/domain/traffic.ts";
import { poisson, seededRandom } from "../support/simulate-traffic.ts";

const WINDOWS = {
  baseline: { startMs: 0, endMs: 60 * MINUTE_MS },
  spike: { startMs: 60 * MINUTE_MS, endMs: 120 * MINUTE_MS },
};
const NO_STEPS: TrafficSeries = { startMs: 0, stepMs: MINUTE_MS, requests: [], bytes: [], errors: [], clients: [] };

function metric(values: MetricSeries["values"], overrides: Partial<MetricSeries> = {}): MetricSeries {
  return { metric: "cpu", unit: "percent", aggregation: "mean", startMs: 0, stepMs: MINUTE_MS, values, ...overrides };
}

function noisy(level: (minute: number) => number): number[] {
  const random = seededRandom(3);
  return Array.from({ length: 120 }, (_, minute) => level(minute) + 2 * random() - 1);
}

function compareOne(series: MetricSeries) {
  const [movement] = compareMetrics(NO_STEPS, [series], WINDOWS);
  return movement;
}

describe("compareMetrics", () => {
  it.each([
    { name: "a doubling", values: noisy((minute) => (minute < 60 ? 20 : 40)), state: "moved", ratio: 2 },
    { name: "a fall to half", values: noisy((minute) => (minute < 60 ? 40 : 20)), state: "moved", ratio: 0.5 },
    { name: "the same again", values: noisy(() => 30), state: "unchanged", ratio: 1 },
    { name: "a tenth more", values: noisy((minute) => (minute < 60 ? 30 : 33)), state: "cannot-tell", ratio: 1.1 },
    { name: "wild swings", values: noisy((minute) => (minute % 17) ** 2), state: "cannot-tell", ratio: 1 },
  ])("calls $name $state", ({ values, state, ratio }) => {
    const movement = compareOne(metric(values));

    expect(movement?.state).toBe(state);
    expect(movement?.ratio).toBeCloseTo(ratio, 0);
    expect(movement?.low).toBeLessThanOrEqual(movement?.ratio ?? Number.NaN);
    expect(movement?.high).toBeGreaterThanOrEqual(movement?.ratio ?? Number.NaN);
  });

  it("does not call a handful of errors unchanged only because nothing shows", () => {
    const random = seededRandom(5);
    const errors = Array.from({ length: 120 }, () => poisson(0.1, random));

    expect(compareOne(metric(errors, { metric: "errors5xx", unit: "count", aggregation: "sum" }))?.state).toBe(
      "cannot-tell",
    );
  });

  it("calls many errors where there were none moved, without a ratio", () => {
    const errors = Array.from({ length: 120 }, (_, minute) => (minute < 60 ? 0 : 5));

    expect(compareOne(metric(errors, { metric: "errors5xx", unit: "count", aggregation: "sum" }))).toMatchObject({
      state: "moved",
      ratio: null,
      low: null,
      high: null,
    });
  });

  it("cannot tell from two steps", () => {
    const values = [10, 10];

    expect(
      compareMetrics(NO_STEPS, [metric(values, { stepMs: 30 * MINUTE_MS })], {
        baseline: { startMs: 0, endMs: 30 * MINUTE_MS },
        spike: { startMs: 30 * MINUTE_MS, endMs: 60 * MINUTE_MS },
      }),
    ).toMatchObject([{ state: "cannot-tell", ratio: 1, low: null, high: null }]);
  });

  it("gives totals a minute and levels as they are", () => {
    const fives = { stepMs: 5 * MINUTE_MS, values: new Array<number>(24).fill(600) };

    const [total, level] = compareMetrics(
      NO_STEPS,
      [metric(fives.values, { ...fives, metric: "bytesIn", unit: "bytes", aggregation: "sum" }), metric([], fives)],
      WINDOWS,
    );

    expect(total?.baseline).toBe(120);
    expect(level?.baseline).toBe(600);
  });

  it("leaves out what was not recorded", () => {
    expect(compareMetrics(NO_STEPS, [metric([null, null, null])], WINDOWS)).toEqual([]);
  });

  it("prefers what the log gives to a metric of the same name", () => {
    const requests = new Array<number>(120).fill(50);

    const movements = compareMetrics(
      { ...NO_STEPS, requests },
      [metric(new Array<number>(120).fill(9), { metric: "requests", aggregation: "sum" })],
      WINDOWS,
    );

    expect(movements).toMatchObject([{ metric: "requests", baseline: 50 }]);
  });
});

/** Counts a minute whose rate wanders by about 30 %, each minute like the one before by `likeness` (0–1). */
function wandering(likeness: number, ratio: number, spikeMins: number, random: () => number): number[] {
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const [spread, step] = [0.3, Math.sqrt(1 - likeness ** 2)];
  let wave = spread * normal();
  return Array.from({ length: 60 + spikeMins }, (_, minute) => {
    wave = likeness * wave + spread * step * normal();
    return poisson(100 * Math.exp(wave - spread ** 2 / 2) * (minute < 60 ? 1 : ratio), random);
  });
}

describe("the interval of a ratio", () => {
  const RUNS = 400;

  it.each([
    { likeness: 0, spikeMins: 60 },
    { likeness: 0.5, spikeMins: 60 },
    { likeness: 0.8, spikeMins: 60 },
    { likeness: 0.8, spikeMins: 15 },
    { likeness: 0.9, spikeMins: 30 },
  ])("holds the true one at least 90 times in 100 (likeness $likeness, $spikeMins min)", ({ likeness, spikeMins }) => {
    const random = seededRandom(17);
    let held = 0;
    let wronglyUnchanged = 0;
    for (let run = 0; run < RUNS; run++) {
      const windows = { ...WINDOWS, spike: { startMs: 60 * MINUTE_MS, endMs: (60 + spikeMins) * MINUTE_MS } };
      const values = wandering(likeness, 1.5, spikeMins, random);
      const [movement] = compareMetrics(
        NO_STEPS,
        [metric(values, { metric: "requests", unit: "count", aggregation: "sum" })],
        windows,
      );
      if ((movement?.low ?? 9) <= 1.5 && (movement?.high ?? 0) >= 1.5) held++;
      if (movement?.state === "unchanged") wronglyUnchanged++;
    }

    expect(held / RUNS).toBeGreaterThanOrEqual(0.9);
    expect(wronglyUnchanged).toBe(0);
  });

  it("is narrow enough to call steady traffic of another hour unchanged", () => {
    const random = seededRandom(23);
    const steady = Array.from({ length: 120 }, () => poisson(200, random));

    expect(compareOne(metric(steady, { metric: "requests", unit: "count", aggregation: "sum" }))?.state).toBe(
      "unchanged",
    );
  });
});
