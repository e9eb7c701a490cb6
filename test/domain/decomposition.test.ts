import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  decompose,
  decomposeBackendSecs,
  decomposeBytes,
  effectOf,
  type Factor,
  weighExtraRequests,
} from "../../src/domain/decomposition.ts";
import { sum } from "../../src/domain/robust.ts";
import type { TrafficCounts } from "../../src/domain/traffic.ts";

function counts(given: Partial<TrafficCounts>): TrafficCounts {
  return { requests: 0, bytes: 0, errors: 0, clients: 0, backendSecs: null, cacheMisses: null, ...given };
}

const factors = (...values: (number | null)[]): Factor[] => values.map((value, i) => ({ name: `x${i}`, value }));
const effects = (before: (number | null)[], after: (number | null)[]) =>
  decompose({ before: factors(...before), after: factors(...after) }).effects.map(({ effect }) => effect);

const TB = 1e12;
/** A month's GET requests of a forum before and after its traffic doubled. */
const FORUM = {
  before: counts({ requests: 66e6, bytes: 1.4 * TB }),
  after: counts({ requests: 130e6, bytes: 2.2 * TB }),
};

describe("decompose", () => {
  it.each([
    { name: "one factor alone", before: [10, 5], after: [20, 5], gives: [50, 0] },
    { name: "two that cancel out", before: [10, 5], after: [5, 10], gives: [-34.657, 34.657] },
    { name: "nothing", before: [3, 4], after: [3, 4], gives: [0, 0] },
    { name: "a factor that was zero, which takes all", before: [0, 5], after: [4, 7], gives: [28, 0] },
    { name: "a factor that becomes zero", before: [4, 7, 2], after: [4, 0, 3], gives: [0, -56, 0] },
    { name: "two that were zero, which share", before: [0, 0, 5], after: [2, 3, 5], gives: [15, 15, 0] },
    { name: "zero before and after, by different factors", before: [0, 5], after: [5, 0], gives: [0, 0] },
    { name: "a factor without a value, which is taken as unchanged", before: [0, null], after: [4, 7], gives: [28, 0] },
  ])("explains a change by $name", ({ before, after, gives }) => {
    for (const [index, effect] of effects(before, after).entries()) expect(effect).toBeCloseTo(gives[index] ?? 0, 2);
  });

  it.each([
    [factors(1, 2), factors(1)],
    [[{ name: "a", value: 1 }], [{ name: "b", value: 1 }]],
    [factors(-1), factors(1)],
    [factors(1), factors(Number.NaN)],
  ])("refuses factors that are not the same or negative", (before, after) => {
    expect(() => decompose({ before, after })).toThrow(RangeError);
  });

  const value = fc.oneof(fc.constant(0), fc.double({ min: 1e-6, max: 1e9, noNaN: true }));
  const product = fc
    .integer({ min: 1, max: 5 })
    .chain((length) => fc.tuple(...[0, 1].map(() => fc.array(value, { minLength: length, maxLength: length }))));

  it("leaves nothing over, whatever the factors are", () => {
    fc.assert(
      fc.property(product, ([before = [], after = []]) => {
        const result = decompose({ before: factors(...before), after: factors(...after) });

        const scale = Math.max(result.before, result.after);
        const left = sum(result.effects.map(({ effect }) => effect)) - result.change;
        expect(Math.abs(left)).toBeLessThanOrEqual(1e-9 * scale);
      }),
    );
  });

  it("gives the opposite where before and after change places", () => {
    fc.assert(
      fc.property(product, ([before = [], after = []]) => {
        const there = effects(before, after);
        const back = effects(after, before);

        const scale = Math.max(...there.map(Math.abs), 1e-300);
        for (const [i, effect] of there.entries()) expect(Math.abs(effect + (back[i] ?? 0)) / scale).toBeLessThan(1e-6);
      }),
    );
  });

  it("comes near a zero's effect as the factor nears zero, though slowly", () => {
    const errors = [1e-3, 1e-30, 1e-300].map((small) => Math.abs((effects([small, 5], [4, 7])[0] ?? 0) - 28));

    expect(errors[1]).toBeLessThan(errors[0] ?? 0);
    expect(errors[2]).toBeLessThan(errors[1] ?? 0);
  });
});

describe("bytes", () => {
  it("of the forum rose by the requests, and fell by what each carries", () => {
    const result = decomposeBytes(FORUM.before, FORUM.after, 1);

    expect(result.change / TB).toBeCloseTo(0.8, 9);
    expect(effectOf(result, "requests") / TB).toBeCloseTo(1.2, 2);
    expect(effectOf(result, "bytes-per-request") / TB).toBeCloseTo(-0.4, 2);
  });

  it("are told by clients where the log names them, in proportion to time", () => {
    const before = counts({ requests: 600, bytes: 6_000, clients: 60 });
    const after = counts({ requests: 300, bytes: 3_000, clients: 10 });

    const result = decomposeBytes(before, after, 0.5);

    expect(result.change).toBeCloseTo(0, 9);
    expect(effectOf(result, "clients")).toBeCloseTo(-effectOf(result, "requests-per-client"), 9);
    expect(effectOf(result, "clients")).toBeLessThan(0);
    expect(effectOf(result, "bytes-per-request")).toBe(0);
  });

  it("of what nobody asked for before are the newcomers'", () => {
    const result = decomposeBytes(counts({}), counts({ requests: 100, bytes: 5_000, clients: 10 }), 1);

    expect(effectOf(result, "clients")).toBe(5_000);
    expect(effectOf(result, "requests-per-client", "bytes-per-request")).toBe(0);
  });
});

describe("seconds of the servers behind", () => {
  it("are told by the cache where it says what it did", () => {
    const before = counts({ requests: 1_000, cacheMisses: 100, backendSecs: 20 });
    const after = counts({ requests: 1_000, cacheMisses: 800, backendSecs: 160 });

    const result = decomposeBackendSecs(before, after, 1);

    expect(result?.effects.map(({ name }) => name)).toEqual(["requests", "miss-ratio", "secs-per-miss"]);
    expect(result && effectOf(result, "miss-ratio")).toBeCloseTo(140, 9);
  });

  it.each([
    ["no cache is known", { cacheMisses: null }],
    ["the seconds are not the misses'", { cacheMisses: 0 }],
  ])("are told by requests alone where %s", (_, cache) => {
    const before = counts({ requests: 1_000, backendSecs: 20, ...cache });
    const after = counts({ requests: 1_000, backendSecs: 100, ...cache });

    expect(decomposeBackendSecs(before, after, 1)?.effects).toMatchObject([
      { name: "requests", effect: 0 },
      { name: "secs-per-request", before: 0.02, after: 0.1 },
    ]);
  });

  it("are not told where the log does not give them", () => {
    expect(decomposeBackendSecs(counts({ requests: 1 }), counts({ requests: 2, backendSecs: 1 }), 1)).toBeNull();
  });
});

describe("extra requests", () => {
  it("of the forum carry 12.5 kB each, where usual ones carry 21.2 kB", () => {
    const extra = weighExtraRequests(FORUM.before, FORUM.after, 1);

    expect(extra?.requests).toBe(64e6);
    expect((extra?.usualBytes ?? 0) / 1_000).toBeCloseTo(21.2, 1);
    expect((extra?.extraBytes ?? 0) / 1_000).toBeCloseTo(12.5, 9);
    expect(extra?.extraBackendSecs).toBeNull();
  });

  it("take seconds of the servers behind too, where they are known", () => {
    const before = counts({ requests: 100, backendSecs: 10 });

    expect(weighExtraRequests(before, counts({ requests: 150, backendSecs: 105 }), 0.5)).toMatchObject({
      requests: 100,
      usualBackendSecs: 0.1,
      extraBackendSecs: 1,
    });
  });

  it("are none where traffic fell or nothing is known of before", () => {
    expect(weighExtraRequests(FORUM.after, FORUM.before, 1)).toBeNull();
    expect(weighExtraRequests(counts({}), FORUM.after, 1)).toBeNull();
  });
});
