import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { excessAfter, formatExcessAfter } from "../../src/domain/excess-after.ts";

describe("what is left of an excess", () => {
  it.each([
    [700, 200, 0.847, "excess down 83.3 % (predicted 84.7 %)", true],
    [700, 100, null, "excess down 100 %", true],
    [700, 50, 1, "excess down 100 % (predicted 100 %)", true],
    [700, 700, 0.5, "excess down 0 % (predicted 50 %)", false],
    [700, 1_000, 0.5, "excess up 50 % (predicted 50 %)", false],
    [700, 450, 0.8, "excess down 41.7 % (predicted 80 %)", true],
    [700, 470, 0.8, "excess down 38.3 % (predicted 80 %)", false],
  ])("from %s to %s a minute with %s predicted reads “%s”", (beforePerMin, afterPerMin, predicted, text, isEnough) => {
    const excess = excessAfter({ usualPerMin: 100, beforePerMin, afterPerMin, predicted });

    if (excess === null) throw new Error("there was an excess");
    expect(formatExcessAfter(excess)).toBe(text);
    expect(excess.isEnough).toBe(isEnough);
  });

  it("is nothing to speak of where there was next to none", () => {
    expect(excessAfter({ usualPerMin: 100, beforePerMin: 109, afterPerMin: 50, predicted: 1 })).toBeNull();
    expect(excessAfter({ usualPerMin: 100, beforePerMin: 50, afterPerMin: 50, predicted: 1 })).toBeNull();
  });

  it("does not depend on the unit of time", () => {
    const rate = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(
        rate,
        rate,
        rate,
        fc.integer({ min: 2, max: 60 }),
        (usualPerMin, beforePerMin, afterPerMin, times) => {
          const of = (scale: number) =>
            excessAfter({
              usualPerMin: usualPerMin * scale,
              beforePerMin: beforePerMin * scale,
              afterPerMin: afterPerMin * scale,
              predicted: null,
            });
          const [one, other] = [of(1), of(times)];

          expect(other === null).toBe(one === null);
          if (one !== null && other !== null) expect(other.removed).toBeCloseTo(one.removed, 9);
        },
      ),
    );
  });
});
