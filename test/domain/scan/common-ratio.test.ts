import { describe, expect, it } from "@jest/globals";
import { estimateCommonRatio } from "../../../src/domain/scan/common-ratio.ts";
import type { CubeCell } from "../../../src/domain/scan/cube.ts";
import { encodeCube } from "../../../src/domain/scan/encoded-cube.ts";

function ratioOf(cells: readonly CubeCell[], timeFactor = 1): number {
  return estimateCommonRatio(encodeCube({ dimensions: ["userAgent", "path"], cells }), timeFactor, 1);
}

function grid(spikeOf: (agent: number, path: number) => number): CubeCell[] {
  return [0, 1, 2, 3].flatMap((agent) =>
    [0, 1, 2, 3].map((path) => ({
      values: [`agent${agent}`, `/${path}`],
      baseline: 100,
      spike: spikeOf(agent, path),
    })),
  );
}

describe("estimateCommonRatio", () => {
  it("is what everybody grew by, whatever the windows' lengths", () => {
    expect(ratioOf(grid(() => 300))).toBe(3);
    expect(
      ratioOf(
        grid(() => 300),
        1 / 4,
      ),
    ).toBe(12);
  });

  it("is deaf to a crawler that lifts every path, since it lifts one user agent", () => {
    expect(ratioOf(grid((agent) => (agent === 0 ? 5_000 : 110)))).toBeCloseTo(1.1);
  });

  it("is not below 1 where traffic moved from most values to others", () => {
    expect(ratioOf(grid((agent) => (agent < 3 ? 0 : 900)))).toBe(1);
  });

  it("takes small values together, since one alone grew by chance", () => {
    const small = Array.from({ length: 100 }, (_, at) => ({
      values: [`agent${at}`, "/"],
      baseline: 2,
      spike: at % 2 === 0 ? 0 : 12,
    }));

    expect(ratioOf(small)).toBe(3);
  });

  it("is what all fell by, and 0 without a baseline", () => {
    expect(ratioOf(grid(() => 50))).toBe(0.5);
    expect(ratioOf([{ values: ["a", "/"], baseline: 0, spike: 10 }])).toBe(0);
    expect(ratioOf([])).toBe(0);
  });
});
