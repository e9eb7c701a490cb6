import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { detectOnset } from "../../src/domain/onset.ts";
import { MINUTE_MS } from "../../src/domain/time-window.ts";
import type { TrafficSeries } from "../../src/domain/traffic.ts";
import { poisson, seededRandom } from "../support/simulate-traffic.ts";

const START_MS = Date.UTC(2026, 10, 21, 13);

function seriesOf(requests: readonly number[], stepMs = MINUTE_MS): TrafficSeries {
  const zeros = requests.map(() => 0);
  return { startMs: START_MS, stepMs, requests, bytes: zeros, errors: zeros, clients: zeros };
}

/** Poisson counts around a level that may change with the minute. */
function counts(minutes: number, level: (minute: number) => number, seed = 1): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: minutes }, (_, minute) => poisson(level(minute), random));
}

function minuteOf(ms: number | null | undefined): number | null {
  return ms === null || ms === undefined ? null : (ms - START_MS) / MINUTE_MS;
}

describe("detectOnset", () => {
  it.each([
    { name: "a doubling of 100 a minute", level: 100, factor: 2 },
    { name: "half as much again of 1,000 a minute, and a little", level: 1_000, factor: 1.7 },
    { name: "six times 60 a minute", level: 60, factor: 6 },
    { name: "sixty times 200 a minute", level: 200, factor: 60 },
  ])("finds $name to the minute", ({ level, factor }) => {
    for (let seed = 1; seed <= 5; seed++) {
      const series = seriesOf(counts(120, (minute) => (minute < 70 ? level : factor * level), seed));

      const onset = detectOnset(series);

      expect(minuteOf(onset?.onsetMs)).toBe(70);
      expect(minuteOf(onset?.lowMs)).toBeGreaterThanOrEqual(68);
      expect(minuteOf(onset?.highMs)).toBeLessThanOrEqual(72);
      expect(onset?.endMs).toBeNull();
      expect(onset?.ratio).toBeGreaterThan(factor * 0.9);
      expect(onset?.ratio).toBeLessThan(factor * 1.1);
    }
  });

  it("says when an excess ended", () => {
    const onset = detectOnset(seriesOf(counts(180, (minute) => (minute >= 60 && minute < 90 ? 500 : 100))));

    expect(minuteOf(onset?.onsetMs)).toBe(60);
    expect(minuteOf(onset?.endMs)).toBe(90);
  });

  it("counts the minute in which it began, though only its last seconds are high", () => {
    const requests = counts(120, (minute) => (minute < 60 ? 100 : 900));
    requests[59] = 260;

    const onset = detectOnset(seriesOf(requests));

    expect(minuteOf(onset?.onsetMs)).toBe(59);
  });

  it("prefers what goes on to what was larger and is over", () => {
    const level = (minute: number) => (minute >= 60 && minute < 80 ? 900 : minute >= 140 ? 400 : 100);

    const onset = detectOnset(seriesOf(counts(180, level)));

    expect(minuteOf(onset?.onsetMs)).toBe(140);
    expect(onset?.endMs).toBeNull();
  });

  it("takes a half-written last minute for no end", () => {
    const requests = counts(120, (minute) => (minute < 60 ? 100 : 600));
    requests[119] = 40;

    expect(detectOnset(seriesOf(requests))?.endMs).toBeNull();
  });

  it.each([
    ["an empty series", []],
    ["one minute", [500]],
    ["no request at all", new Array<number>(120).fill(0)],
    ["always the same", new Array<number>(120).fill(77)],
    ["nothing before the rise", [...new Array<number>(60).fill(0), ...new Array<number>(60).fill(900)]],
    ["a log that begins within a minute", [3, ...counts(119, () => 200)]],
    ["one high minute", counts(120, (minute) => (minute === 60 ? 900 : 100))],
    ["a drop", counts(120, (minute) => (minute < 60 ? 500 : 100))],
    ["a few requests more on a small site", counts(120, (minute) => (minute < 60 ? 1 : 8))],
    ["a burst every hour", counts(600, (minute) => (minute % 60 === 5 ? 120 : 0))],
    ["a slow rise to three times", counts(600, (minute) => 100 + minute / 3)],
    ["a daily curve", counts(1_440, (minute) => 300 - 200 * Math.cos((2 * Math.PI * minute) / 1_440))],
    ["numbers that are none", [...new Array<number>(60).fill(Number.NaN), ...new Array<number>(60).fill(-5)]],
  ])("finds nothing in %s", (_, requests) => {
    expect(detectOnset(seriesOf(requests))).toBeNull();
  });

  it("finds a doubling on top of a daily curve", () => {
    const curve = (minute: number) => 300 - 200 * Math.cos((2 * Math.PI * minute) / 1_440);

    const onset = detectOnset(seriesOf(counts(1_100, (minute) => curve(minute) * (minute < 1_000 ? 1 : 2))));

    expect(minuteOf(onset?.onsetMs)).toBe(1_000);
    expect(onset?.endMs).toBeNull();
  });

  it("raises hardly any false alarm on steady traffic", () => {
    let alarms = 0;
    for (let seed = 1; seed <= 300; seed++) {
      if (detectOnset(seriesOf(counts(120, () => 5 + 3 * (seed % 100), seed))) !== null) alarms++;
    }

    expect(alarms).toBe(0);
  });

  it("gives numbers for whatever it is given", () => {
    const anything = fc.array(fc.oneof(fc.nat(2_000), fc.constant(0), fc.double()), { maxLength: 200 });
    fc.assert(
      fc.property(anything, (requests) => {
        const onset = detectOnset(seriesOf(requests));

        if (onset === null) return;
        expect(Object.values(onset).every((value) => value === null || Number.isFinite(value))).toBe(true);
        expect(onset.lowMs).toBeLessThanOrEqual(onset.onsetMs);
        expect(onset.onsetMs).toBeLessThanOrEqual(onset.highMs);
        expect(onset.endMs ?? Number.POSITIVE_INFINITY).toBeGreaterThan(onset.onsetMs);
      }),
    );
  });

  it("finds the same moment in the same traffic, ten times as large", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000 }), fc.integer({ min: 40, max: 100 }), (seed, at) => {
        const requests = counts(120, (minute) => (minute < at ? 200 : 700), seed);

        const onset = detectOnset(seriesOf(requests.map((count) => 20 * count)));
        const larger = detectOnset(seriesOf(requests.map((count) => 200 * count)));

        expect(larger?.onsetMs).toBe(onset?.onsetMs);
        expect(larger?.ratio).toBeCloseTo(onset?.ratio ?? 0, 6);
      }),
      { numRuns: 30 },
    );
  });

  it("bridges a gap in an excess, and takes it for no end", () => {
    const requests = counts(180, (minute) => (minute < 60 ? 100 : 500));
    requests.fill(Number.NaN, 100, 108);

    const onset = detectOnset(seriesOf(requests));

    expect(minuteOf(onset?.onsetMs)).toBe(60);
    expect(onset?.endMs).toBeNull();
    expect(onset?.ratio).toBeCloseTo(5, 0);
  });

  it("takes a long gap for a stop", () => {
    const requests = counts(180, (minute) => (minute < 60 ? 100 : 500));
    requests.fill(Number.NaN, 100);

    expect(minuteOf(detectOnset(seriesOf(requests))?.endMs)).toBe(100);
  });

  it("finds an excess that is far longer than what went before", () => {
    const onset = detectOnset(seriesOf(counts(900, (minute) => (minute < 20 ? 100 : 500))));

    expect(minuteOf(onset?.onsetMs)).toBe(20);
    expect(onset?.endMs).toBeNull();
  });

  it.each([
    ["no start", { startMs: Number.NaN }],
    ["steps of nothing", { stepMs: 0 }],
    ["steps that go back", { stepMs: -MINUTE_MS }],
    ["steps that are no number", { stepMs: Number.NaN }],
  ])("finds nothing in a series with %s", (_, wrong) => {
    const series = seriesOf(counts(120, (minute) => (minute < 70 ? 100 : 900)));

    expect(detectOnset({ ...series, ...wrong })).toBeNull();
  });

  it("moves with the clock, and changes in nothing else", () => {
    const series = seriesOf(counts(180, (minute) => (minute >= 60 && minute < 90 ? 500 : 100)));
    const onset = detectOnset(series);

    fc.assert(
      fc.property(fc.integer({ min: -1e9, max: 1e9 }), (minutes) => {
        const byMs = minutes * MINUTE_MS;
        const moved = detectOnset({ ...series, startMs: series.startMs + byMs });

        expect(moved).toEqual({
          ratio: onset?.ratio,
          onsetMs: (onset?.onsetMs ?? 0) + byMs,
          lowMs: (onset?.lowMs ?? 0) + byMs,
          highMs: (onset?.highMs ?? 0) + byMs,
          endMs: (onset?.endMs ?? 0) + byMs,
        });
      }),
      { numRuns: 20 },
    );
  });
});

describe("detectOnset with a history", () => {
  const DAY_MINUTES = 1_440;
  const DAYS = 4;
  // Steep in the morning, as offices are.
  const curve = (minute: number) => {
    const hour = (minute / 60) % 24;
    return 100 + 700 / (1 + Math.exp(-(hour - 9) * 4)) - 700 / (1 + Math.exp(-(hour - 18) * 2));
  };
  const history = (seed = 9): TrafficSeries => ({
    ...seriesOf(counts(DAYS * DAY_MINUTES, curve, seed)),
    startMs: START_MS - DAYS * DAY_MINUTES * MINUTE_MS,
  });
  /** The day after, from midnight on, at 1.3 times the level of the days before. */
  const today = (minutes: number, factor: (minute: number) => number = () => 1, seed = 2) =>
    seriesOf(counts(minutes, (minute) => 1.3 * curve(minute) * factor(minute), seed));

  it("takes the start of a working day for none", () => {
    for (let seed = 1; seed <= 5; seed++)
      expect(
        detectOnset(
          today(660, () => 1, seed),
          history(),
        ),
      ).toBeNull();
  });

  it("finds a doubling in the middle of the morning's rise", () => {
    const onset = detectOnset(
      today(660, (minute) => (minute < 540 ? 1 : 2)),
      history(),
    );

    expect(minuteOf(onset?.onsetMs)).toBe(540);
    expect(onset?.ratio).toBeCloseTo(2, 0);
  });

  it("finds a rise that takes an hour, which looks like a day without it", () => {
    const whole = today(840, (minute) => 1 + Math.min(Math.max(0, (minute - 700) / 60), 1) * 1.5);
    const slow = { ...whole, startMs: START_MS + 600 * MINUTE_MS, requests: whole.requests.slice(600) };

    expect(detectOnset(slow)).toBeNull();
    const onset = detectOnset(slow, history());
    expect(minuteOf(onset?.onsetMs)).toBeGreaterThanOrEqual(700);
    expect(minuteOf(onset?.onsetMs)).toBeLessThanOrEqual(740);
  });

  it("says when an excess ended while the day went down", () => {
    const onset = detectOnset(
      today(1_200, (minute) => (minute >= 1_000 && minute < 1_100 ? 3 : 1)),
      history(),
    );

    expect(minuteOf(onset?.onsetMs)).toBe(1_000);
    expect(minuteOf(onset?.endMs)).toBe(1_100);
  });

  it("does without it where it is too short to tell", () => {
    const series = seriesOf(counts(180, (minute) => (minute >= 60 && minute < 90 ? 500 : 100)));
    const short = { ...history(), requests: history().requests.slice(-60), startMs: START_MS - 60 * MINUTE_MS };

    expect(detectOnset(series, short)).toEqual(detectOnset(series));
  });
});
