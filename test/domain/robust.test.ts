import { describe, expect, it } from "@jest/globals";
import { overdispersion, usualLevel } from "../../src/domain/baseline.ts";
import { poissonLlr } from "../../src/domain/poisson.ts";
import { blockSums, median, quantile, weightedMedian } from "../../src/domain/robust.ts";
import { poisson, seededRandom } from "../support/simulate-traffic.ts";

describe("quantile and median", () => {
  it.each([
    { values: [], share: 0.5, gives: 0 },
    { values: [7], share: 0.9, gives: 7 },
    { values: [4, 1, 3, 2], share: 0.5, gives: 2.5 },
    { values: [10, 0], share: 0.25, gives: 2.5 },
  ])("$share of $values is $gives", ({ values, share, gives }) => {
    expect(quantile(values, share)).toBe(gives);
  });

  it("the middle is deaf to one wild value", () => {
    expect(median([1, 2, 1_000_000])).toBe(2);
  });

  it("weights tell where the middle is", () => {
    const items = [
      { value: 50, weight: 2 },
      { value: 1, weight: 8 },
    ];

    expect(weightedMedian(items)).toBe(1);
    expect(weightedMedian([])).toBe(0);
  });
});

describe("blockSums", () => {
  it("drops what is left over at the start", () => {
    expect(blockSums([9, 1, 2, 3, 4], 2)).toEqual([3, 7]);
    expect(blockSums([1], 2)).toEqual([]);
  });
});

describe("usualLevel", () => {
  it("is deaf to an earlier spike in up to two of six blocks", () => {
    const counts = Array.from({ length: 60 }, (_, i) => (i >= 20 && i < 38 ? 5_000 : 100));

    expect(usualLevel(counts)).toBe(100);
  });

  it("is the mean of sparse counts, whose middle is nothing", () => {
    expect(usualLevel([0, 0, 0, 0, 0, 12])).toBe(2);
    expect(usualLevel([])).toBe(0);
  });
});

describe("overdispersion", () => {
  it("is near one for Poisson counts, and never less", () => {
    const random = seededRandom(2);
    const counts = Array.from({ length: 180 }, () => poisson(50, random));

    expect(overdispersion(counts)).toBeGreaterThanOrEqual(1);
    expect(overdispersion(counts)).toBeLessThan(3);
    expect(overdispersion(new Array<number>(60).fill(5))).toBe(1);
  });

  it("does not take a steady rise for noise", () => {
    const counts = Array.from({ length: 180 }, (_, i) => 1_000 + 10 * i);

    expect(overdispersion(counts)).toBe(1);
  });

  it("sees that sums vary more than minutes where minutes resemble each other", () => {
    const waves = Array.from({ length: 180 }, (_, i) => (Math.floor(i / 10) % 2 === 0 ? 150 : 50));

    expect(overdispersion(waves)).toBeGreaterThan(100);
  });
});

describe("poissonLlr", () => {
  it.each([
    [10, 10, 0],
    [20, 10, 3.863],
    [0, 10, 10],
    [0, 0, 0],
  ])("gives for %d where %d were expected %d nats", (count, expected, nats) => {
    expect(poissonLlr(count, expected)).toBeCloseTo(nats, 3);
  });

  it("stays a number where nothing was expected", () => {
    expect(Number.isFinite(poissonLlr(5, 0))).toBe(true);
  });
});
