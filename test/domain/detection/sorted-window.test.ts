import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { createSortedWindow } from "../../../src/domain/detection/sorted-window.ts";
import { quantile } from "../../../src/domain/robust.ts";

describe("a sorted window", () => {
  it("knows quantiles and neighbours of the last numbers, as sorting them would", () => {
    const numbers = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 20 }), fc.integer({ min: -60, max: 60 }), (given, size, value) => {
        const window = createSortedWindow(size);
        for (const number of given) window.push(number);
        const last = given.slice(-size);

        expect(window.size()).toBe(last.length);
        for (const share of [0, 0.3, 0.5, 0.99, 1]) {
          expect(window.quantile(share)).toBeCloseTo(quantile(last, share), 9);
        }
        expect(window.nearestDistance(value)).toBe(Math.min(...last.map((number) => Math.abs(number - value))));
      }),
    );
  });

  it("knows nothing while it is empty", () => {
    expect(createSortedWindow(3).quantile(0.5)).toBe(0);
    expect(createSortedWindow(3).nearestDistance(1)).toBeNull();
  });
});
