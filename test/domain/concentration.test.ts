import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  concentrationOf,
  effectiveNumber,
  entropyBits,
  jensenShannonBits,
  topShare,
} from "../../src/domain/concentration.ts";
import type { Breakdown, SliceRow, TrafficCounts } from "../../src/domain/traffic.ts";

const WINDOW = { startMs: 0, endMs: 3_600_000 };
const counts = (requests: number): TrafficCounts => ({
  requests,
  bytes: 0,
  errors: 0,
  clients: 0,
  backendSecs: null,
  cacheMisses: null,
});

function breakdown(
  rows: readonly (readonly [before: number, now: number])[],
  rest: { before?: number; now?: number; distinct?: number; unknown?: readonly [number, number] } = {},
): Breakdown {
  const [unknownBefore, unknownNow] = rest.unknown ?? [0, 0];
  const total = (i: 0 | 1) => rows.reduce((sum, row) => sum + row[i], 0);
  return {
    baselineWindow: WINDOW,
    spikeWindow: WINDOW,
    baseline: counts(total(0) + (rest.before ?? 0) + unknownBefore),
    spike: counts(total(1) + (rest.now ?? 0) + unknownNow),
    by: {
      ip: {
        rows: rows.map<SliceRow>(([before, now], i) => ({
          value: `198.51.100.${i}`,
          baseline: counts(before),
          spike: counts(now),
          firstSeenMs: 0,
        })),
        distinct: rest.distinct ?? rows.length,
        unknown: { baselineRequests: unknownBefore, spikeRequests: unknownNow },
      },
    },
  };
}

const vector = fc.array(fc.nat({ max: 1e6 }), { minLength: 1, maxLength: 30 });

describe("entropy, its number of values, and the share of the largest", () => {
  it.each([
    { values: [], bits: 0, effective: 0, top: 0 },
    { values: [0, 0], bits: 0, effective: 0, top: 0 },
    { values: [7], bits: 0, effective: 1, top: 1 },
    { values: [5, 5, 5, 5], bits: 2, effective: 4, top: 0.25 },
    { values: [2, 1, 1], bits: 1.5, effective: 2.828, top: 0.5 },
  ])("of $values", ({ values, bits, effective, top }) => {
    expect(entropyBits(values)).toBeCloseTo(bits, 9);
    expect(effectiveNumber(values)).toBeCloseTo(effective, 3);
    expect(topShare(values, 1)).toBe(top);
  });

  it("lie between one value and all alike", () => {
    fc.assert(
      fc.property(vector, (values) => {
        expect(entropyBits(values)).toBeGreaterThanOrEqual(0);
        expect(entropyBits(values)).toBeLessThanOrEqual(Math.log2(values.length) + 1e-9);
      }),
    );
  });
});

describe("the divergence of two mixtures", () => {
  it("is nothing for the same mixture in another amount, and one bit for nothing in common", () => {
    expect(jensenShannonBits([1, 2, 3], [10, 20, 30])).toBeCloseTo(0, 12);
    expect(jensenShannonBits([4, 0], [0, 9])).toBe(1);
    expect(jensenShannonBits([], [1])).toBeNull();
  });

  it("is the same both ways, and between 0 and 1", () => {
    fc.assert(
      fc.property(vector, vector, (left, right) => {
        const there = jensenShannonBits(left, right);
        const back = jensenShannonBits(right, left);

        if (there === null) return expect(back).toBeNull();
        expect(back).toBeCloseTo(there, 9);
        expect(there).toBeGreaterThanOrEqual(0);
        expect(there).toBeLessThanOrEqual(1);
      }),
    );
  });
});

describe("the concentration on the values of a dimension", () => {
  it("does not change where everybody sends twice as much", () => {
    const change = concentrationOf(
      breakdown([
        [40, 80],
        [30, 60],
        [10, 20],
      ]),
      "ip",
    );

    expect(change?.divergenceBits).toBeCloseTo(0, 12);
    expect(change?.spike).toEqual(change?.baseline);
    expect(change?.listedShare).toBe(1);
  });

  it("rises with one client that sends as much as all others", () => {
    const people = Array.from({ length: 64 }, () => [10, 10] as const);

    const change = concentrationOf(breakdown([[0, 640], ...people]), "ip");

    expect(change?.baseline?.entropyBits).toBeCloseTo(6, 9);
    expect(change?.spike?.entropyBits).toBeCloseTo(4, 9);
    expect(change?.spike?.topShare).toBe(0.5);
    expect(change?.divergenceBits).toBeCloseTo(0.311, 3);
  });

  it("takes what is not listed for values that are alike, and leaves out what is unknown", () => {
    const rows = [[10, 10]] as const;

    const change = concentrationOf(breakdown(rows, { before: 70, now: 70, distinct: 8, unknown: [500, 900] }), "ip");

    expect(change?.baseline?.entropyBits).toBeCloseTo(3, 9);
    expect(change?.spike?.topTenShare).toBeCloseTo(1 / 8, 9);
    expect(change?.listedShare).toBeCloseTo(1 / 8, 9);
  });

  it("never has less entropy than all values listed", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 1_000 }), { minLength: 3, maxLength: 20 }), (values) => {
        const sorted = [...values].sort((a, b) => b - a);
        const listed = sorted.slice(0, 2).map((count) => [count, count] as const);
        const rest = sorted.slice(2).reduce((sum, count) => sum + count, 0);

        const change = concentrationOf(breakdown(listed, { before: rest, now: rest, distinct: values.length }), "ip");

        expect(change?.spike?.entropyBits).toBeGreaterThanOrEqual(entropyBits(values) - 1e-9);
      }),
    );
  });

  it("is nothing of an empty window, and not given for a dimension that was not asked for", () => {
    expect(concentrationOf(breakdown([[0, 5]]), "ip")).toMatchObject({ baseline: null, divergenceBits: null });
    expect(concentrationOf(breakdown([]), "path")).toBeNull();
  });
});
