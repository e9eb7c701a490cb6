import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { timeShape } from "../../src/domain/time-shape.ts";
import { HOUR_MS, MINUTE_MS } from "../../src/domain/time-window.ts";
import { poisson, seededRandom } from "../support/simulate-traffic.ts";

const STEP_MS = 10 * MINUTE_MS;

/** A day's curve: three times as much in the evening as at night. */
function usualDay(hours: number): number[] {
  const steps = (hours * HOUR_MS) / STEP_MS;
  return Array.from({ length: steps }, (_, i) => 400 + 200 * Math.sin((2 * Math.PI * i * STEP_MS) / (24 * HOUR_MS)));
}

function observe(usual: readonly number[], of: (m: number) => number, seed: number): number[] {
  const random = seededRandom(seed);
  return usual.map((m) => poisson(of(m), random));
}

describe("the shape of an excess in time", () => {
  it.each([
    { kind: "proportional", of: (m: number) => 2 * m, k: 2, c: 0 },
    { kind: "constant", of: (m: number) => m + 400, k: 1, c: 400 },
    { kind: "both", of: (m: number) => 1.5 * m + 600, k: 1.5, c: 600 },
  ])("over a day is told to be $kind, with its size", ({ kind, of, k, c }) => {
    const usual = usualDay(24);

    const shape = timeShape(observe(usual, of, 7), usual, STEP_MS);

    expect(shape.kind).toBe(kind);
    expect(shape.k).toBeCloseTo(k, 0);
    expect(Math.abs((shape.c ?? Number.NaN) - c)).toBeLessThan(80);
  });

  it("is right for nearly every day that is drawn", () => {
    const usual = usualDay(24);
    const seeds = Array.from({ length: 100 }, (_, i) => i + 1);
    const share = (kind: string, of: (m: number) => number) =>
      seeds.filter((seed) => timeShape(observe(usual, of, seed), usual, STEP_MS).kind === kind).length / seeds.length;

    expect(share("proportional", (m) => 2 * m)).toBeGreaterThanOrEqual(0.95);
    expect(share("constant", (m) => m + 400)).toBeGreaterThanOrEqual(0.95);
  });

  it("is not told from two hours, though both sizes are", () => {
    const usual = usualDay(2);

    const shape = timeShape(
      observe(usual, (m) => 2 * m, 3),
      usual,
      STEP_MS,
    );

    expect(shape.kind).toBe("too-short");
    expect(shape.k).toBeCloseTo(2, 1);
    expect(shape.c).toBeGreaterThan(300);
  });

  it("is not told from a level that never changes, however long", () => {
    const usual = new Array<number>(300).fill(400);

    expect(
      timeShape(
        observe(usual, (m) => 2 * m, 3),
        usual,
        STEP_MS,
      ).kind,
    ).toBe("undecided");
  });

  it("is not told without any usual level", () => {
    expect(timeShape([5, 5, 5, 5], [0, 0], STEP_MS)).toEqual({ kind: "too-short", k: null, c: null, bic: null });
  });

  it("does not depend on the unit", () => {
    const usual = usualDay(24);
    const observed = observe(usual, (m) => 2 * m, 11);
    fc.assert(
      fc.property(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), (unit) => {
        const scaled = timeShape(
          observed.map((y) => unit * y),
          usual.map((m) => unit * m),
          STEP_MS,
        );

        expect(scaled.kind).toBe("proportional");
        expect(scaled.k).toBeCloseTo(timeShape(observed, usual, STEP_MS).k ?? 0, 6);
      }),
    );
  });
});
