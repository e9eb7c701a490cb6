import { describe, expect, it } from "@jest/globals";
import type { Cube, CubeCell, ScanOptions } from "../../../src/domain/scan/cube.ts";
import { rankSlices, scanCube } from "../../../src/domain/scan/scan.ts";
import { poisson, seededRandom } from "../../support/simulate-traffic.ts";

const OPTIONS: ScanOptions = {
  timeFactor: 1,
  dispersion: 1,
  minGain: 10,
  minRatio: 1.5,
  minShare: 0.1,
  maxDimensions: 3,
};

const ACTIONABLE = ["ip", "userAgent", "asn", "path"];
const preference = (dimension: string) => (ACTIONABLE.indexOf(dimension) + 1 || ACTIONABLE.length + 1) - 1;

function cell(values: readonly (string | null)[], baseline: number, spike: number): CubeCell {
  return { values, baseline, spike };
}

/** Forty clients of three user agents on five paths, each as often as before. */
function everybody(): CubeCell[] {
  return Array.from({ length: 40 }, (_, client) =>
    Array.from({ length: 5 }, (_, path) => cell([`ip${client}`, `agent${client % 3}`, `/${path}`], 20, 20)),
  ).flat();
}

const DIMENSIONS = ["ip", "userAgent", "path"];

function named(cube: Cube, options: Partial<ScanOptions> = {}) {
  return scanCube(cube, { ...OPTIONS, preference, ...options }).slices.map(({ values }) => values);
}

describe("scanCube", () => {
  it("names a crawler once, by its address, though its user agent has the same rows", () => {
    const crawler = Array.from({ length: 5 }, (_, path) => cell(["bot", "crawler", `/${path}`], 0, 400));

    const scan = scanCube({ dimensions: DIMENSIONS, cells: [...everybody(), ...crawler] }, { ...OPTIONS, preference });

    expect(scan.slices).toHaveLength(1);
    expect(scan.slices[0]).toMatchObject({
      values: { ip: "bot" },
      baseline: 0,
      spike: 2_000,
      expected: 0,
      excess: 2_000,
      excessShare: 1,
      ratio: null,
    });
    expect(scan.slices[0]?.alternatives.map(({ values }) => values)).toEqual([{ userAgent: "crawler" }]);
    expect(scan.commonRatio).toBe(1);
    expect(scan.remainder).toEqual({ baseline: 4_000, spike: 4_000, expected: 4_000, excess: 0, excessShare: 0 });
  });

  it("names the newcomer of the example", () => {
    const cells = [cell(["203.0.113.9", "/"], 0, 500), cell([null, "/"], 400, 410), cell([null, "/help"], 100, 98)];

    expect(named({ dimensions: ["ip", "path"], cells }, { maxDimensions: 2 })).toEqual([{ ip: "203.0.113.9" }]);
  });

  it("names what is there only together by both values", () => {
    const cells = everybody().map((one) =>
      one.values[1] === "agent1" && one.values[2] === "/3" ? { ...one, spike: 600 } : one,
    );

    expect(named({ dimensions: DIMENSIONS, cells })).toEqual([{ userAgent: "agent1", path: "/3" }]);
  });

  it("names two clients of one user agent apart where it has other clients as well", () => {
    const bots = ["bot1", "bot2"].map((ip) => cell([ip, "agent1", "/1"], 0, 3_000));

    expect(named({ dimensions: DIMENSIONS, cells: [...everybody(), ...bots] })).toEqual([
      { ip: "bot1" },
      { ip: "bot2" },
    ]);
  });

  it("names what many clients have in common where none of them stands out", () => {
    const flood = Array.from({ length: 300 }, (_, client) => cell([`new${client}`, "flooder", "/login"], 0, 20));

    expect(named({ dimensions: DIMENSIONS, cells: [...everybody(), ...flood] })).toEqual([{ userAgent: "flooder" }]);
  });

  it("takes what is named out before it looks for the next, the larger first", () => {
    const cells = [...everybody(), cell(["bot1", "one", "/1"], 0, 5_000), cell(["bot2", "two", "/2"], 0, 2_000)];

    const { slices } = scanCube({ dimensions: DIMENSIONS, cells }, { ...OPTIONS, preference });

    expect(slices.map(({ values }) => values)).toEqual([{ ip: "bot1" }, { ip: "bot2" }]);
    expect(slices.reduce((sum, { excessShare }) => sum + excessShare, 0)).toBeCloseTo(1);
  });

  it("names a client that is above the whole where others fell, with a share above 1", () => {
    const fallen = everybody().map((one) => ({ ...one, spike: 15 }));

    const scan = scanCube(
      { dimensions: DIMENSIONS, cells: [...fallen, cell(["bot", "crawler", "/1"], 0, 3_000)] },
      { ...OPTIONS, preference },
    );

    expect(scan.slices.map(({ values }) => values)).toEqual([{ ip: "bot" }]);
    expect(scan.slices[0]?.excessShare).toBeCloseTo(1.5);
  });

  it("names no newcomers of the usual kind once a crawler explains a small excess", () => {
    const gone = Array.from({ length: 20 }, (_, client) => cell([`gone${client}`, "agent1", "/1"], 100, 0));
    const come = Array.from({ length: 20 }, (_, client) => cell([`new${client}`, "agent1", "/1"], 0, 100));
    const cells = [...everybody(), ...gone, ...come, cell(["bot", "crawler", "/1"], 0, 500)];

    expect(named({ dimensions: DIMENSIONS, cells })).toEqual([{ ip: "bot" }]);
  });

  it("names no newcomer that is as large as clients that left", () => {
    const gone = [0, 1, 2].map((client) => cell([`gone${client}`, "agent1", "/1"], 300, 0));
    const newcomer = (spike: number) => cell(["new", "agent1", "/1"], 0, spike);

    const grown = [cell([null, null, null], 0, 700)];
    expect(named({ dimensions: DIMENSIONS, cells: [...everybody(), ...grown, ...gone, newcomer(590)] })).toEqual([]);
    expect(named({ dimensions: DIMENSIONS, cells: [...everybody(), ...grown, ...gone, newcomer(610)] })).toEqual([
      { ip: "new" },
    ]);
  });

  it("counts by any measure, with the dispersion as its unit", () => {
    const cells = [...everybody(), cell(["bot", "crawler", "/1"], 0, 3_000)].map((one) => ({
      ...one,
      baseline: one.baseline * 1e6,
      spike: one.spike * 1e6,
    }));

    expect(named({ dimensions: DIMENSIONS, cells }, { dispersion: 1e6 })).toEqual([{ ip: "bot" }]);
  });

  it("names nobody by the values that no candidate names", () => {
    const cells = [...everybody(), cell([null, null, "/new"], 0, 2_000), cell([null, null, null], 0, 1_000)];

    const scan = scanCube({ dimensions: DIMENSIONS, cells }, OPTIONS);

    expect(scan.slices.map(({ values }) => values)).toEqual([{ path: "/new" }]);
    expect(scan.remainder).toMatchObject({ excess: 1_000 });
  });

  it("stays within the most dimensions that are wanted", () => {
    const cells = everybody().map((one) =>
      one.values[1] === "agent1" && one.values[2] === "/3" ? { ...one, spike: 600 } : one,
    );

    const { slices } = scanCube({ dimensions: DIMENSIONS, cells }, { ...OPTIONS, maxDimensions: 1 });

    expect(slices.every(({ values }) => Object.keys(values).length === 1)).toBe(true);
  });

  it("names nobody in noise", () => {
    const random = seededRandom(3);
    for (let round = 0; round < 20; round += 1) {
      const cells = everybody().map((one) => ({
        ...one,
        baseline: poisson(20, random),
        spike: poisson(40, random),
      }));

      expect(named({ dimensions: DIMENSIONS, cells }, { minShare: 0.02 })).toEqual([]);
    }
  });

  it.each<{ name: string; cube: Cube }>([
    { name: "no cells", cube: { dimensions: ["ip"], cells: [] } },
    { name: "no dimensions", cube: { dimensions: [], cells: [cell([], 1, 100)] } },
    { name: "zeros", cube: { dimensions: ["ip"], cells: [cell(["a"], 0, 0)] } },
    { name: "a fall", cube: { dimensions: ["ip"], cells: [cell(["a"], 100, 10), cell(["b"], 5, 50)] } },
    { name: "one cell that grew", cube: { dimensions: ["ip"], cells: [cell(["a"], 100, 1_000)] } },
    { name: "what is no number", cube: { dimensions: ["ip"], cells: [cell(["a"], Number.NaN, -5)] } },
  ])("finds nothing in $name, and no number is none", ({ cube }) => {
    const scan = scanCube(cube, OPTIONS);

    expect(scan.slices).toEqual([]);
    expect(Object.values(scan.remainder).every(Number.isFinite)).toBe(true);
    expect(Number.isFinite(scan.commonRatio) && Number.isFinite(scan.excess)).toBe(true);
  });

  it("names the only client where there was nobody before", () => {
    expect(named({ dimensions: ["ip"], cells: [cell(["a"], 0, 1_000)] })).toEqual([{ ip: "a" }]);
  });
});

describe("scanCube over trees", () => {
  const trees = [["net16", "net24", "ip"]];
  const dimensions = ["net16", "net24", "ip"];
  const usual = Array.from({ length: 60 }, (_, client) =>
    cell([`10.${client % 4}`, `10.${client % 4}.${client % 12}`, `10.${client % 4}.${client % 12}.${client}`], 50, 50),
  );

  it("names the one address that carries its network, rather than the network", () => {
    const cells = [...usual, cell(["10.1", "10.1.1", "10.1.1.99"], 0, 3_000)];

    expect(named({ dimensions, cells }, { trees })).toEqual([{ ip: "10.1.1.99" }]);
  });

  it("names the narrowest network whose addresses send together", () => {
    const flood = Array.from({ length: 100 }, (_, host) => cell(["10.9", "10.9.7", `10.9.7.${host}`], 0, 30));

    expect(named({ dimensions, cells: [...usual, ...flood] }, { trees })).toEqual([{ net24: "10.9.7" }]);
  });

  it("names the wide network where the narrow ones share the excess", () => {
    const flood = Array.from({ length: 200 }, (_, host) =>
      cell(["10.9", `10.9.${host % 100}`, `10.9.${host % 100}.${host}`], 0, 15),
    );

    expect(named({ dimensions, cells: [...usual, ...flood] }, { trees })).toEqual([{ net16: "10.9" }]);
  });

  it("names a path in place of its host where all the excess is on it", () => {
    const pages = Array.from({ length: 10 }, (_, page) =>
      cell(["shop", `shop/${page}`], 100, page === 3 ? 2_000 : 100),
    );

    const cells = [...pages, cell(["blog", "blog/1"], 500, 500)];
    expect(named({ dimensions: ["host", "path"], cells }, { trees: [["host", "path"]] })).toEqual([{ path: "shop/3" }]);
  });

  it("never scans by two levels of a tree at once", () => {
    const cells = [...usual, cell(["10.1", "10.1.1", "10.1.1.99"], 0, 3_000)];

    const ranked = rankSlices({ dimensions, cells }, { ...OPTIONS, trees });

    expect(ranked.length).toBeGreaterThan(0);
    expect(ranked.every(({ values }) => Object.keys(values).length === 1)).toBe(true);
  });
});

describe("rankSlices", () => {
  it("puts slices whose cells all grew before one heavy cell where cells are to grow alike", () => {
    // Of ten devices, all grew sixfold at a high bitrate, but one has most of the events, and grew twentyfold.
    const cells = Array.from({ length: 10 }, (_, device) => {
      const baseline = device === 0 ? 400 : 5;
      return [
        cell(["low", `device${device}`], baseline, baseline),
        cell(["high", `device${device}`], baseline, baseline * (device === 0 ? 20 : 6)),
      ];
    }).flat();
    const cube = { dimensions: ["bitrate", "device"], cells };
    const options = { ...OPTIONS, commonRatio: 1, maxDimensions: 2 } as const;

    expect(rankSlices(cube, { ...options, cellShape: 5 })[0]?.values).toEqual({ bitrate: "high" });
    expect(rankSlices(cube, options)[0]?.values).toEqual({ bitrate: "high", device: "device0" });
  });

  it("agrees with plain counts where the shape is very large", () => {
    const cells = [...everybody(), cell(["bot", "agent1", "/1"], 10, 300)];
    const cube = { dimensions: DIMENSIONS, cells };

    const [plain, shaped] = [rankSlices(cube, OPTIONS)[0], rankSlices(cube, { ...OPTIONS, cellShape: 1e9 })[0]];

    expect(shaped?.values).toEqual(plain?.values);
    expect(shaped?.gain).toBeCloseTo(plain?.gain ?? 0, 3);
  });
});
