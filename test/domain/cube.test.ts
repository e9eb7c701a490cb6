import { describe, expect, it } from "@jest/globals";
import { cellsOf, totalOf, withoutValues, withSharedValues } from "../../src/domain/cube.ts";
import type { CubeCell, TrafficCube } from "../../src/domain/traffic.ts";

function cell(values: readonly (string | null)[], spike: number): CubeCell {
  const counts = { bytes: 0, errors: 0, clients: 1, backendSecs: null, cacheMisses: null };
  return { values, baseline: { ...counts, requests: 10 }, spike: { ...counts, requests: spike } };
}

const CUBE: TrafficCube = {
  dimensions: ["host", "pathTemplate", "queryShape"],
  cells: [
    cell(["campus.example", "/preview/{id}", "token={random}"], 96),
    cell(["campus.example", null, "token={random}"], 4),
    cell(["www.example", "/", null], 300),
    cell(["campus.example", "/", null], 80),
  ],
};

describe("a cube", () => {
  it("gives the cells that have every value of a slice, and adds them up", () => {
    expect(totalOf(cellsOf(CUBE, { host: "campus.example" }), "requests")).toEqual({ baseline: 30, spike: 180 });
    expect(cellsOf(CUBE, { host: "campus.example", pathTemplate: "/" })).toHaveLength(1);
  });

  it("counts what is unknown as nothing", () => {
    expect(totalOf(CUBE.cells, "backendSecs")).toEqual({ baseline: 0, spike: 0 });
  });

  it("leaves out values, and keeps what has none", () => {
    expect(withoutValues(CUBE, "pathTemplate", ["/"]).cells).toHaveLength(2);
    expect(withoutValues(CUBE, "ip", ["203.0.113.9"])).toBe(CUBE);
  });

  it("adds the other names of the same requests to a slice", () => {
    const shared = { dimensions: ["host", "pathTemplate"], rank: "requests" } as const;

    expect(withSharedValues(CUBE, { queryShape: "token={random}" }, shared)).toEqual({
      host: "campus.example",
      pathTemplate: "/preview/{id}",
      queryShape: "token={random}",
    });
  });

  it("adds no name that most other requests have too", () => {
    const busy = { ...CUBE, cells: [...CUBE.cells, cell(["campus.example", "/about", null], 900)] };
    const shared = { dimensions: ["host"], rank: "requests" } as const;

    expect(withSharedValues(busy, { queryShape: "token={random}" }, shared)).toEqual({ queryShape: "token={random}" });
  });
});
