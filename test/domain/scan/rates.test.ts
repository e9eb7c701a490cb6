import { describe, expect, it } from "@jest/globals";
import type { RateCell } from "../../../src/domain/scan/rates.ts";
import { expectedByRate } from "../../../src/domain/scan/rates.ts";
import { scanCube } from "../../../src/domain/scan/scan.ts";

function cell(value: string, baseline: readonly [number, number], spike: readonly [number, number]): RateCell {
  return {
    values: [value],
    baseline: { events: baseline[0], all: baseline[1] },
    spike: { events: spike[0], all: spike[1] },
  };
}

describe("expectedByRate", () => {
  it("expects of a cell what its usual rate gives at as many requests", () => {
    expect(expectedByRate([cell("/pay", [5, 450], [90, 1_000])], 0)).toEqual([
      { values: ["/pay"], baseline: expect.closeTo(11.11), spike: 90 },
    ]);
  });

  it("expects of small and new cells what it does of all", () => {
    const cells = [
      cell("/", [10, 1_000], [10, 1_000]),
      cell("/new", [0, 0], [3, 100]),
      cell("/rare", [1, 1], [0, 100]),
    ];

    const [, fresh, rare] = expectedByRate(cells, 50);

    expect(fresh?.baseline).toBeCloseTo(1.1);
    expect(rare?.baseline).toBeCloseTo(3.05, 1);
  });

  it("names what got worse, and not what was only asked more often", () => {
    const cells = [
      cell("/", [50, 5_000], [50, 5_000]),
      cell("/busy", [50, 5_000], [500, 50_000]),
      cell("/broken", [5, 500], [150, 500]),
    ];

    const { slices } = scanCube(
      { dimensions: ["path"], cells: expectedByRate(cells, 50) },
      { timeFactor: 1, dispersion: 1, minGain: 5, minRatio: 1.5, minShare: 0.1, maxDimensions: 1 },
    );

    expect(slices.map(({ values }) => values)).toEqual([{ path: "/broken" }]);
  });

  it("expects nothing where nothing was seen", () => {
    expect(expectedByRate([cell("/", [0, 0], [3, 10])], 0)).toEqual([{ values: ["/"], baseline: 0, spike: 3 }]);
  });
});
