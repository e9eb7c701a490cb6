import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { encodeCube, sumsByValue, total } from "../../../src/domain/scan/encoded-cube.ts";
import { foldSmallValues } from "../../../src/domain/scan/fold.ts";

const cells = fc.array(
  fc.record({
    values: fc.tuple(fc.option(fc.constantFrom("a", "b", "c", "d")), fc.option(fc.constantFrom("x", "y", "z"))),
    baseline: fc.nat(100),
    spike: fc.nat(300),
  }),
  { maxLength: 60 },
);

describe("foldSmallValues", () => {
  it("keeps all that there is, and every sum of a value that has enough", () => {
    fc.assert(
      fc.property(cells, fc.integer({ min: 1, max: 900 }), (given, minSpike) => {
        const cube = encodeCube({ dimensions: ["left", "right"], cells: given });

        const folded = foldSmallValues(cube, minSpike);

        expect(total(folded.baseline)).toBe(total(cube.baseline));
        expect(total(folded.spike)).toBe(total(cube.spike));
        expect(folded.spike.length).toBeLessThanOrEqual(cube.spike.length);
        for (const dimension of [0, 1]) {
          const [before, after] = [sumsByValue(cube, dimension), sumsByValue(folded, dimension)];
          before.spike.slice(0, -1).forEach((spike, code) => {
            expect(after.spike[code]).toBe(spike >= minSpike ? spike : 0);
            expect(after.baseline[code]).toBe(spike >= minSpike ? before.baseline[code] : 0);
          });
        }
      }),
    );
  });

  it("adds up the cells that differ in small values alone", () => {
    const cube = encodeCube({
      dimensions: ["ip", "path"],
      cells: Array.from({ length: 50 }, (_, i) => ({ values: [`10.0.0.${i}`, "/"], baseline: 1, spike: 4 })),
    });

    expect(foldSmallValues(cube, 20)).toMatchObject({ spike: Float64Array.of(200), baseline: Float64Array.of(50) });
  });
});
