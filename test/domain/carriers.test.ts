import { describe, expect, it } from "@jest/globals";
import { findCarriers } from "../../src/domain/carriers.ts";
import type { CubeCell, TrafficCube } from "../../src/domain/traffic.ts";
import { counts } from "../support/build-scene.ts";

function cell(values: readonly (string | null)[], baseline: number, spike: number, secs = 0.1): CubeCell {
  return {
    values,
    baseline: counts(baseline, { backendSecs: baseline * 0.1 }),
    spike: counts(spike, { backendSecs: spike * secs }),
  };
}

const CUBE: TrafficCube = {
  dimensions: ["ip", "userAgent", "pathTemplate"],
  cells: [
    cell([null, "Browser/1", "/"], 4_000, 4_050),
    cell([null, "Browser/1", "/help"], 2_000, 1_980),
    cell(["198.51.100.14", "Indexer/1", "/"], 0, 6_000),
    cell(["198.51.100.14", "Indexer/1", "/help"], 0, 3_000),
  ],
};

describe("findCarriers", () => {
  it("names the slice that carries the excess once, by what people can do most about", () => {
    expect(findCarriers(CUBE, "requests", 1)).toMatchObject([
      { values: { ip: "198.51.100.14" }, ratio: null, requests: { baseline: 0, spike: 9_000 } },
    ]);
  });

  it("names nobody where all grew in proportion, or nothing grew", () => {
    const uniform = CUBE.cells.map((each) => ({ ...each, spike: counts(3 * each.baseline.requests) }));

    expect(findCarriers({ ...CUBE, cells: uniform }, "requests", 1)).toEqual([]);
    expect(findCarriers(CUBE, "errors", 1)).toEqual([]);
    expect(findCarriers({ dimensions: [], cells: [] }, "requests", 1)).toEqual([]);
  });

  it("finds by seconds what is few by count", () => {
    const cells = [cell([null, "Browser/1", "/"], 6_000, 6_100), cell([null, "Browser/1", "/preview/{id}"], 5, 400, 5)];

    const [carrier] = findCarriers({ ...CUBE, cells }, "backendSecs", 1);

    expect(carrier?.values).toEqual({ pathTemplate: "/preview/{id}" });
    expect(carrier?.excessShare).toBeGreaterThan(0.95);
  });
});
