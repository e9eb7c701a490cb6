import { describe, expect, it } from "@jest/globals";
import { adviseOn } from "../../src/domain/advice.ts";
import type { Scene } from "../../src/domain/causes/scene.ts";
import type { Cause, CauseKind } from "../../src/domain/finding.ts";
import { buildBreakdown, buildCost, buildScene, counts, guiltySlice, row, rows } from "../support/build-scene.ts";

function cause(kind: CauseKind, given: Partial<Cause> = {}): Cause {
  return { kind, slice: {}, excessShare: 1, score: 0.9, evidence: [], rivals: [], ...given };
}

function advice(scene: Scene, ...causes: readonly Cause[]) {
  return adviseOn(scene, causes, {});
}

const CRAWLER = { ip: "198.51.100.14" };
const CRAWLED = buildScene({ guilty: [guiltySlice("ip", row(CRAWLER.ip, 0, 12_000), 1)] });

/** A flood by one user agent, which so many usual requests have too. */
function flooded(usual: number): Scene {
  const cell = (agent: string, baseline: number, spike: number) => ({
    values: [agent],
    baseline: counts(baseline),
    spike: counts(spike),
  });
  return buildScene({
    breakdown: buildBreakdown({ by: { userAgent: rows(row("Odd/1", usual, 12_000 + usual)) } }),
    observations: {
      cube: {
        dimensions: ["userAgent"],
        cells: [cell("Odd/1", usual, 12_000 + usual), cell("Browser/1", 6_000, 6_000)],
      },
    },
  });
}

describe("the advice", () => {
  it("limits a heavy client to twice what the heaviest usual client sends, with the effect", () => {
    const [limit] = advice(CRAWLED, cause("heavy-client", { slice: CRAWLER }));

    expect(limit).toMatchObject({ kind: "rate-limit", slice: CRAWLER, predicted: { baselineHarmed: 0 } });
    expect(limit?.because).toMatch(/^Limit each address to 100 requests in 5 min, .+ takes away 90 % of the excess/);
    expect(limit?.predicted?.excessRemoved).toBeCloseTo(0.9, 2);
  });

  it("challenges a flood that has a signature, with whom that meets", () => {
    const [challenge] = advice(flooded(60), cause("distributed-flood", { slice: { userAgent: "Odd/1" } }));

    expect(challenge).toMatchObject({ kind: "challenge", slice: { userAgent: "Odd/1" } });
    expect(challenge?.predicted?.baselineHarmed).toBeCloseTo(0.01, 9);
    expect(challenge?.predicted?.excessRemoved).toBeGreaterThan(0.95);
  });

  it("challenges nobody where too many people would be met, or nothing tells them apart", () => {
    for (const slice of [{ userAgent: "Odd/1" }, {}]) {
      const [limit] = advice(flooded(1_200), cause("distributed-flood", { slice }));

      expect(limit).toMatchObject({ kind: "rate-limit", slice: {}, predicted: null });
    }
  });

  it("lets the cache answer what passes it by, and says where that leaves the servers", () => {
    const scene = buildScene({ cost: buildCost({ ratio: 5 }) });
    const slice = { queryShape: "q={random}" };

    const [cache] = advice(scene, cause("cache-bypass", { slice, excessShare: 0.75 }));

    expect(cache).toMatchObject({ kind: "cache", slice, predicted: null });
    expect(cache?.because).toContain("leave the made-up value out of its key");
    expect(cache?.because).toContain("would be at 2.0 × their usual work");
  });

  it("blames no visitor for a regression, and tells what it costs where prices are known", () => {
    const prices = { instanceHourUsd: null, requestsPer1000Usd: 0.01, egressPerGbUsd: null };

    const [fix] = adviseOn(buildScene(), [cause("client-regression")], { prices });

    expect(fix?.because).toMatch(/^Block nobody: .+ It costs \$87\.60 a month if it goes on\.$/);
  });

  it.each([
    ["retry-storm", "fix", /^Mend what fails first: block nobody/],
    ["slow-backend", "fix", /^Block nobody and do not scale out/],
    ["flash-crowd", "none", /do not block them/],
  ] as const)("never blocks for %s", (kind, advised, because) => {
    expect(advice(buildScene(), cause(kind))).toMatchObject([
      { kind: advised, predicted: null, because: expect.stringMatching(because) },
    ]);
  });

  it("says nothing of what is not understood or not sure", () => {
    const unsure = cause("flash-crowd", { score: 0.4 });

    expect(advice(buildScene(), cause("unknown"), cause("no-anomaly"), unsure)).toEqual([]);
  });
});
