import { describe, expect, it } from "@jest/globals";
import { createRandom } from "../../../src/sandbox/site/random.ts";

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const draw = (times: number, next: () => number): number[] => Array.from({ length: times }, next);

describe("createRandom", () => {
  it("gives the same numbers for the same seed and others for the next", () => {
    const numbers = (seed: number): number[] => draw(5, createRandom(seed).unit);

    expect(numbers(1)).toEqual(numbers(1));
    expect(numbers(1)).not.toEqual(numbers(2));
  });

  it("gives forks that do not depend on what was drawn before", () => {
    const used = createRandom(1);
    used.unit();

    expect(used.fork("a").unit()).toBe(createRandom(1).fork("a").unit());
    expect(used.fork("a").unit()).not.toBe(used.fork("b").unit());
  });

  it("draws from distributions with the mean that was asked for", () => {
    const random = createRandom(3);

    expect(mean(draw(20_000, random.unit))).toBeCloseTo(0.5, 1);
    expect(mean(draw(20_000, () => random.exponential(4)))).toBeCloseTo(4, 0);
    for (const expected of [0.3, 5, 80]) {
      expect(mean(draw(20_000, () => random.poisson(expected))) / expected).toBeCloseTo(1, 1);
    }
  });

  it("picks by weight", () => {
    const random = createRandom(3);
    const picked = Array.from({ length: 10_000 }, () =>
      random.weighted([["rare", 1] as const, ["common", 9] as const]),
    );

    expect(picked.filter((item) => item === "rare").length / picked.length).toBeCloseTo(0.1, 1);
  });
});
