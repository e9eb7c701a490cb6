import { describe, expect, it } from "@jest/globals";
import { adviseOn } from "../../src/domain/advice.ts";
import type { AnalysisInput } from "../../src/domain/analysis-input.ts";
import type { Scene } from "../../src/domain/causes/scene.ts";
import type { Cause } from "../../src/domain/finding.ts";
import { suggestChanges } from "../../src/domain/mitigation.ts";
import { MINUTE_MS } from "../../src/domain/time-window.ts";
import { buildBreakdown, buildScene, guiltySlice, row, rows } from "../support/build-scene.ts";
import { NO_LIMITS } from "../support/build-traffic.ts";

const CRAWLER = "198.51.100.14";
const CRAWLED = buildScene({ guilty: [guiltySlice("ip", row(CRAWLER, 0, 12_000), 1)] });
const HEAVY: Cause = {
  kind: "heavy-client",
  slice: { ip: CRAWLER },
  excessShare: 1,
  score: 0.9,
  evidence: [],
  rivals: [],
};
const FLOOD: Cause = { ...HEAVY, kind: "distributed-flood", slice: {} };
const RULES = {
  rateLimit: { limit: 300, windowSecs: 300, standing: [] },
  challenge: { standing: [] },
} as const;

type Limits = Partial<AnalysisInput["limits"]>;

function offersOf(scene: Scene, cause: Cause, limits: Limits = {}) {
  const { breakdown } = scene;
  const { startMs } = breakdown.baselineWindow;
  const input: AnalysisInput = {
    service: "web",
    series: { startMs, stepMs: MINUTE_MS, requests: Array(60).fill(100) } as unknown as AnalysisInput["series"],
    onset: scene.onset,
    breakdown,
    metrics: [],
    limits: { ...NO_LIMITS, prepared: RULES, ...limits },
  };
  return suggestChanges(input, scene, [cause]);
}

function flooded(clients: number, each: number): Scene {
  const strangers = Array.from({ length: clients }, (_, index) => ({ client: `198.51.100.${index}`, requests: each }));
  return buildScene({ observations: { strangers } });
}

/** "block", "rate-limit", "challenge" or "scale", in their order. */
const kindsOf = (offers: ReturnType<typeof offersOf>) =>
  offers.map(({ change }) => (change.kind === "block" ? (change.measure ?? "block") : change.kind));

describe("a rate limit", () => {
  it("is offered beside the block, with what of the excess its rule stops", () => {
    const [, limit] = offersOf(CRAWLED, HEAVY);

    expect(kindsOf(offersOf(CRAWLED, HEAVY))).toEqual(["block", "rate-limit"]);
    expect(limit?.change).toMatchObject({
      measure: "rate-limit",
      rateLimit: { limit: 300, windowSecs: 300 },
      addresses: [`${CRAWLER}/32`],
      durationSecs: 3_600,
    });
    // 3,600 of 12,000 in the hour get through.
    expect(limit?.predicted.excessRemoved).toBeCloseTo(0.7, 9);
    expect(limit?.predicted).toMatchObject({ baselineHarmed: 0, baselineClientsHarmed: 0, ratioAfter: 1.6 });
    expect(limit?.because).toContain("300 requests in 5 min");
  });

  it("says as the block does of whom it is given that they say to be a crawler", () => {
    const crawlers = [{ address: CRAWLER, name: "Googlebot", check: "cannot-tell", toldBy: null }] as const;

    const [block, limit] = offersOf({ ...CRAWLED, crawlers }, HEAVY);

    const caution = "It says that it is Googlebot: verify that first.";
    expect(limit?.caution).toBe(caution);
    expect(block?.caution).toBe(caution);
    expect(limit?.because).toContain(caution);
    expect(limit?.change.reason).toMatch(/^One client carries .*; a limit keeps it from that .*: verify that first$/);
  });

  it("stands in for the advice, which says what to configure where no rule is prepared", () => {
    const advice = (prepared: NonNullable<AnalysisInput["limits"]["prepared"]>) =>
      adviseOn(CRAWLED, [HEAVY], { prepared }, offersOf(CRAWLED, HEAVY, { prepared }));

    expect(advice(RULES)).toEqual([]);
    expect(advice({ rateLimit: null, challenge: null })).toMatchObject([
      { kind: "rate-limit", because: expect.stringContaining("`firewall.rateLimit` of spillway.yaml") },
    ]);
    expect(advice({ rateLimit: { limit: 9_000, windowSecs: 300, standing: [] }, challenge: null })).toMatchObject([
      {
        kind: "rate-limit",
        because: expect.stringContaining("allows 9,000 requests in 5 min, which takes too little"),
      },
    ]);
  });

  it.each<[string, Limits]>([
    ["no rule is prepared", { prepared: { rateLimit: null, challenge: null } }],
    [
      "its rule would let more than half through",
      { prepared: { ...RULES, rateLimit: { ...RULES.rateLimit, limit: 501 } } },
    ],
    ["it holds already", { prepared: { ...RULES, rateLimit: { ...RULES.rateLimit, standing: ["198.51.100.0/24"] } } }],
    ["the client is blocked", { blocked: [`${CRAWLER}/32`] }],
    ["a guard names the address", { guarded: [{ cidr: "198.51.100.0/24", rule: "cdn", whose: "a CDN" }] }],
    ["it is on the never-block list", { neverBlock: [CRAWLER] }],
    ["nothing can be blocked", { mayBlock: false }],
  ])("is not offered where %s", (_, limits) => {
    expect(kindsOf(offersOf(CRAWLED, HEAVY, limits))).not.toContain("rate-limit");
  });

  it("is not offered where usual visitors of a network send more than it lets through", () => {
    const office = { ...row("198.51.100.0/24", 5_900, 30_000) };
    const both = { ...office, baseline: { ...office.baseline, clients: 1 }, spike: { ...office.spike, clients: 2 } };
    const scene = buildScene({ guilty: [guiltySlice("net", both, 1)] });

    expect(kindsOf(offersOf(scene, { ...HEAVY, slice: { net: "198.51.100.0/24" } }))).toEqual([]);
  });

  it("leaves its usual clients a network that a block would take from them", () => {
    const breakdown = buildBreakdown({ by: { ip: rows(row("198.51.100.9", 0, 12_000)) } });
    const shared = row("198.51.100.0/24", 600, 12_600);
    const scene = buildScene({ breakdown, guilty: [guiltySlice("net", shared, 1)] });

    const offers = offersOf(scene, { ...HEAVY, slice: { net: "198.51.100.0/24" } });

    expect(kindsOf(offers)).toEqual(["rate-limit"]);
    expect(offers[0]?.predicted).toMatchObject({ baselineHarmed: 0, baselineClientsHarmed: 0 });
  });
});

describe("a challenge", () => {
  it("is offered for the new clients of a flood, as many as one proposal takes, and says what it assumes", () => {
    const [challenge, ...more] = offersOf(flooded(200, 60), FLOOD);

    expect(more).toEqual([]);
    expect(challenge?.change).toMatchObject({ measure: "challenge" });
    expect(challenge?.change.kind === "block" ? challenge.change.addresses : []).toHaveLength(100);
    expect(challenge?.predicted.excessRemoved).toBeCloseTo(0.5, 9);
    expect(challenge?.because).toBe(
      "It is for the busiest 100 of 200 named; that none of them runs a browser is assumed, and people among them are asked once.",
    );
  });

  it.each<[string, Scene, Cause, Limits]>([
    ["no rule is prepared", flooded(100, 60), FLOOD, { prepared: { ...RULES, challenge: null } }],
    ["so many as can be named change little", flooded(50, 20), FLOOD, {}],
    ["nobody is named", buildScene(), FLOOD, {}],
    [
      "they are challenged already",
      flooded(100, 60),
      FLOOD,
      { prepared: { ...RULES, challenge: { standing: ["198.51.100.0/24"] } } },
    ],
    ["it is no flood", flooded(100, 60), { ...HEAVY, kind: "flash-crowd" }, { capacity: null }],
  ])("is not offered where %s", (_, scene, cause, limits) => {
    expect(offersOf(scene, cause, limits)).toEqual([]);
  });

  it("takes in no address that a guard names", () => {
    const [challenge] = offersOf(flooded(100, 60), FLOOD, { neverBlock: ["198.51.100.0/26"] });

    expect(challenge?.change.kind === "block" ? challenge.change.addresses : []).toHaveLength(36);
  });

  it("is advised with what to configure, where the addresses of a flood could be named", () => {
    const [advice] = adviseOn(flooded(100, 60), [FLOOD], { prepared: { rateLimit: null, challenge: null } });

    expect(advice?.because).toContain("`firewall.challenge` of spillway.yaml");
  });
});
