import { describe, expect, it } from "@jest/globals";
import type { CarrierSlice } from "../../../src/domain/carriers.ts";
import { cacheBypassCause } from "../../../src/domain/causes/cache-bypass.ts";
import { costOf } from "../../../src/domain/causes/cost-scene.ts";
import type { Scene } from "../../../src/domain/causes/scene.ts";
import { slowBackendCause } from "../../../src/domain/causes/slow-backend.ts";
import { PAGE_PERCENTILES } from "../../../src/domain/fast-answers.ts";
import { compareWindows } from "../../../src/domain/slices.ts";
import { buildArrivals, buildBreakdown, buildCost, buildScene, buildSplit, counts } from "../../support/build-scene.ts";

const AS_USUAL = buildBreakdown({ spike: counts(6_300) });

function carrier(given: Partial<CarrierSlice> = {}): CarrierSlice {
  return {
    values: { queryShape: "q={random}" },
    excessShare: 0.9,
    ratio: null,
    requests: { baseline: 0, spike: 900 },
    backendSecs: { baseline: 0, spike: 3_600 },
    missShare: null,
    ...given,
  };
}

function costly(cost: Parameters<typeof buildCost>[0]): Scene {
  return buildScene({ measure: "backendSecs", breakdown: AS_USUAL, cost: buildCost(cost) });
}

const BYPASSED = costly({ carriers: [carrier()] });
const SLOWED = costly({
  secsEach: { baseline: 0.1, spike: 0.5 },
  askedShare: { baseline: 0.2, spike: 0.2 },
  byAsking: 0,
  bySlowness: 0.98,
});

describe("a cache bypass", () => {
  it("is likely where more requests reach the servers behind and one pattern carries their work", () => {
    const cause = cacheBypassCause(BYPASSED);

    expect(cause).toMatchObject({ slice: { queryShape: "q={random}" }, excessShare: 0.9 });
    expect(cause?.score).toBeGreaterThan(0.95);
    expect(cause?.evidence.every(({ direction }) => direction === "for")).toBe(true);
  });

  it("is unlikely where the same requests take longer, or one client carries it", () => {
    const ofOne = costly({ carriers: [carrier({ values: { ip: "198.51.100.14" } })] });

    expect(cacheBypassCause(SLOWED)?.score).toBeLessThan(0.3);
    expect(cacheBypassCause(ofOne)?.score).toBeLessThan(cacheBypassCause(BYPASSED)?.score ?? 0);
    expect(cacheBypassCause(ofOne)?.evidence).toContainEqual(expect.objectContaining({ code: "one-client" }));
  });

  it("is told from slow servers by how many requests reach them", () => {
    expect(cacheBypassCause(BYPASSED)?.rivals).toMatchObject([
      {
        kind: "slow-backend",
        decidedBy: "whether as many requests reach the servers behind as usual, and each takes longer",
      },
    ]);
  });

  it("is told from slow servers by fast answers that are gone, where the log says nothing of a cache", () => {
    const tenths = (fastest: number, slowest: number) => ({ known: 900, unknown: 0, secs: [fastest, slowest] });
    const slowHost = carrier({
      values: { host: "preview.example" },
      requests: { baseline: 900, spike: 900 },
      backendSecs: { baseline: 90, spike: 900 },
    });
    const scene = buildScene({
      measure: "totalSecs",
      breakdown: AS_USUAL,
      cost: buildCost({ ...SLOWED.cost, askedShare: null, carriers: [slowHost] }),
      observations: {
        pages: {
          percentiles: PAGE_PERCENTILES,
          webSockets: { baseline: 0, spike: 0 },
          by: { total: { baseline: tenths(0.002, 0.16), spike: tenths(0.05, 2) } },
        },
      },
    });

    expect(cacheBypassCause({ ...scene, observations: {} })?.score).toBeLessThan(0.5);
    expect(cacheBypassCause(scene)?.score).toBeGreaterThan(slowBackendCause(scene)?.score ?? 1);
    expect(cacheBypassCause(scene)?.evidence[0]).toMatchObject({
      code: "fast-answers-gone",
      statement:
        "even the fastest tenth of the pages of host preview.example takes 50 ms, against 2 ms before, as where a cache answers no longer",
    });
  });

  it("is less likely where a flood asks for it", () => {
    const programs = buildArrivals({ excess: 6_000, clients: 900, requests: 6_000 });
    const flooded = { ...BYPASSED, ...buildScene({ measure: "requests", cost: BYPASSED.cost }) };

    const [alone, beside] = [null, buildSplit({ programs })].map((split) => cacheBypassCause({ ...flooded, split }));

    expect(beside?.score).toBeLessThan(alone?.score ?? 0);
    expect(beside?.evidence).toContainEqual(expect.objectContaining({ code: "new-programs", direction: "against" }));
  });

  it("is not judged where work grew no more than requests, or is not known", () => {
    expect(cacheBypassCause(buildScene({ cost: buildCost({ ratio: 3.1 }) }))).toBeNull();
    expect(cacheBypassCause(buildScene())).toBeNull();
  });
});

describe("a slow backend", () => {
  it("is likely where each request takes longer and there are no more of them", () => {
    const cause = slowBackendCause(SLOWED);

    expect(cause?.score).toBeGreaterThan(0.9);
    expect(cause?.evidence.map(({ code }) => code)).toEqual(["slower", "requests-as-usual", "each-slower"]);
  });

  it("is unlikely where there are many more requests, or other work", () => {
    const busy = buildScene({ cost: SLOWED.cost });
    const other = costly({ secsEach: { baseline: 0.1, spike: 0.5 }, carriers: [carrier()], bySlowness: 0.9 });

    expect(slowBackendCause(busy)?.score).toBeLessThan(0.5);
    expect(slowBackendCause(other)?.score).toBeLessThan(slowBackendCause(SLOWED)?.score ?? 0);
  });

  it("is unlikely where what takes long fails in the end and is asked for again", () => {
    const late = carrier({ values: { status: "504" }, requests: { baseline: 5, spike: 900 } });
    const share = (repeats: number) => ({ requests: 6_000, repeats, share: repeats / 6_000 });
    const scene = { ...SLOWED, cost: buildCost({ ...SLOWED.cost, carriers: [late] }) };
    const rest = { ...scene.rest, ratio: 1.3 };
    const retried = { ...scene, rest, observations: { retries: { baseline: share(0), spike: share(1_200) } } };

    expect(slowBackendCause(retried)?.score).toBeLessThan(slowBackendCause(scene)?.score ?? 0);
    expect(slowBackendCause(retried)?.evidence[0]).toMatchObject({ code: "fails-late", direction: "against" });
  });

  it("takes connections that stand after 1, 3 or 7 s and answers that end together for signs", () => {
    const endings = { baseline: { slow: 0, together: 0 }, spike: { slow: 200, together: 150 } };

    const cause = slowBackendCause({ ...SLOWED, observations: { endings } });

    expect(cause?.evidence).toContainEqual(expect.objectContaining({ code: "stalls", value: 0.75 }));
    expect(cause?.score).toBeGreaterThan(slowBackendCause(SLOWED)?.score ?? 1);
  });

  it("is not judged where answers take no longer", () => {
    expect(slowBackendCause(costly({ secsEach: { baseline: 0.1, spike: 0.1 } }))).toBeNull();
    expect(slowBackendCause(buildScene())).toBeNull();
  });
});

describe("the cost for the servers behind", () => {
  const breakdown = buildBreakdown({
    baseline: counts(6_000, { backendSecs: 600, cacheMisses: 1_200 }),
    spike: counts(6_000, { backendSecs: 2_400, cacheMisses: 4_800 }),
  });

  it("is divided into more requests, more of them past the cache, and slower ones, and adds up", () => {
    const cost = costOf(breakdown, {}, compareWindows(breakdown));

    expect(cost).toMatchObject({ ratio: 4, excessSecs: 1_800, askedRatio: 4 });
    expect(cost?.byAsking).toBeCloseTo(1, 9);
    expect((cost?.byRequests ?? 0) + (cost?.byAsking ?? 0) + (cost?.bySlowness ?? 0)).toBeCloseTo(1, 9);
  });

  it("is not known without seconds in both windows", () => {
    const unknown = { ...breakdown, baseline: counts(6_000) };

    expect(costOf(unknown, {}, compareWindows(unknown))).toBeNull();
  });
});
