import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Cube, CubeCell, ScanOptions } from "../../../src/domain/scan/cube.ts";
import { scanCube } from "../../../src/domain/scan/scan.ts";

const OPTIONS: ScanOptions = {
  timeFactor: 1,
  dispersion: 1,
  minGain: 3,
  minRatio: 1.5,
  minShare: 0.05,
  maxDimensions: 3,
};

const values = fc.tuple(
  fc.option(fc.constantFrom("a", "b", "c", "d")),
  fc.option(fc.constantFrom("x", "y", "z")),
  fc.option(fc.constantFrom("1", "2")),
);
const cells: fc.Arbitrary<CubeCell[]> = fc.array(
  fc.record({ values, baseline: fc.nat(200), spike: fc.oneof(fc.nat(200), fc.nat(5_000)) }),
  { maxLength: 40 },
);
const DIMENSIONS = ["first", "second", "third"];

function cube(of: readonly CubeCell[]): Cube {
  return { dimensions: DIMENSIONS, cells: of };
}

function names(scan: ReturnType<typeof scanCube>) {
  return scan.slices.map((slice) => slice.values);
}

describe("scanCube", () => {
  it("names nobody where everybody sends k times as much", () => {
    fc.assert(
      fc.property(cells, fc.integer({ min: 1, max: 50 }), fc.boolean(), (of, factor, isShaped) => {
        const uniform = of.map((cell) => ({ ...cell, spike: cell.baseline * factor }));

        const scan = scanCube(cube(uniform), { ...OPTIONS, ...(isShaped ? { cellShape: 5 } : {}) });

        expect(scan.slices).toEqual([]);
        if (of.some((cell) => cell.baseline > 0)) expect(scan.commonRatio).toBeCloseTo(factor);
      }),
    );
  });

  it("does not care for the order of cells", () => {
    fc.assert(
      fc.property(
        cells.chain((of) => fc.tuple(fc.constant(of), fc.shuffledSubarray(of, { minLength: of.length }))),
        ([of, shuffled]) => {
          expect(scanCube(cube(shuffled), OPTIONS)).toEqual(scanCube(cube(of), OPTIONS));
        },
      ),
    );
  });

  it("does not care for the order of dimensions", () => {
    fc.assert(
      fc.property(cells, (of) => {
        const turned = {
          dimensions: [...DIMENSIONS].reverse(),
          cells: of.map((cell) => ({ ...cell, values: [...cell.values].reverse() })),
        };

        expect(scanCube(turned, OPTIONS)).toEqual(scanCube(cube(of), OPTIONS));
      }),
    );
  });

  it("does not care what values are called, but for their order among equals", () => {
    fc.assert(
      fc.property(cells, (of) => {
        const renamed = of.map((cell) => ({
          ...cell,
          values: cell.values.map((value) => (value === null ? null : `value ${value}`)),
        }));

        const expected = names(scanCube(cube(of), OPTIONS)).map((one) =>
          Object.fromEntries(Object.entries(one).map(([dimension, value]) => [dimension, `value ${value}`])),
        );

        expect(names(scanCube(cube(renamed), OPTIONS))).toEqual(expected);
      }),
    );
  });

  it("does not care in what unit is counted", () => {
    fc.assert(
      fc.property(cells, fc.constantFrom(2, 8, 64), (of, unit) => {
        const scaled = of.map(({ values, baseline, spike }) => ({
          values,
          baseline: baseline * unit,
          spike: spike * unit,
        }));

        const scan = scanCube(cube(scaled), { ...OPTIONS, dispersion: unit });

        expect(names(scan)).toEqual(names(scanCube(cube(of), OPTIONS)));
      }),
    );
  });

  it("keeps what it promises of every slice, and loses no request", () => {
    fc.assert(
      fc.property(cells, (of) => {
        const { slices, remainder, excess } = scanCube(cube(of), OPTIONS);

        for (const slice of slices) {
          expect(slice.gain).toBeGreaterThanOrEqual(OPTIONS.minGain);
          expect(slice.excessShare).toBeGreaterThanOrEqual(OPTIONS.minShare);
          expect(slice.excess).toBeCloseTo(slice.spike - slice.expected);
          expect(slice.ratio === null || slice.ratio >= OPTIONS.minRatio).toBe(true);
        }
        const spikes = slices.reduce((sum, { spike }) => sum + spike, remainder.spike);
        expect(spikes).toBe(of.reduce((sum, { spike }) => sum + spike, 0));
        expect(excess).toBe(of.reduce((sum, { spike, baseline }) => sum + spike - baseline, 0));
      }),
    );
  });
});
