import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { findRise } from "../../src/domain/change-point.ts";

const anyCounts = fc.array(fc.nat(500), { minLength: 1, maxLength: 80 });

function rise(counts: readonly number[], level: number, dispersion = 1) {
  return findRise(counts, { level, dispersion, end: counts.length }, { from: 0, to: counts.length });
}

describe("findRise", () => {
  it("finds the step, with an interval about it", () => {
    expect(rise([5, 5, 5, 50, 50], 5)).toMatchObject({ step: 3, low: 3, high: 3, ratio: 10 });
    expect(rise([100, 103, 97, 112, 115, 118], 100)).toMatchObject({ step: 3, low: 0, high: 5 });
  });

  it("looks at the steps in question only", () => {
    const counts = [5, 50, 50, 50, 5];

    expect(findRise(counts, { level: 5, dispersion: 1, end: 4 }, { from: 2, to: 5 })).toMatchObject({ step: 2 });
    expect(findRise(counts, { level: 5, dispersion: 1, end: 4 }, { from: 4, to: 5 })).toBeNull();
  });

  it.each([
    ["nothing", []],
    ["less than expected", [1, 2, 3]],
    ["as much as expected", [5, 5, 5]],
  ])("finds none in %s", (_, counts) => {
    expect(rise(counts, 5)).toBeNull();
  });

  it("is as sure as the dispersion allows", () => {
    fc.assert(
      fc.property(
        anyCounts,
        fc.integer({ min: 1, max: 100 }),
        fc.integer({ min: 2, max: 50 }),
        (counts, level, phi) => {
          const [sure, less] = [rise(counts, level), rise(counts, level, phi)];

          expect(less?.step).toBe(sure?.step);
          if (sure === null || less === null) return;
          expect(less.gain).toBeCloseTo(sure.gain / phi, 6);
          expect(less.low).toBeLessThanOrEqual(sure.low);
          expect(less.high).toBeGreaterThanOrEqual(sure.high);
          expect([sure.low <= sure.step, sure.step <= sure.high]).toEqual([true, true]);
        },
      ),
    );
  });
});
