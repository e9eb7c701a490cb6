import { describe, expect, it } from "@jest/globals";
import { clientRegressionCause } from "../../../src/domain/causes/client-regression.ts";
import type { Scene } from "../../../src/domain/causes/scene.ts";
import { buildBreakdown, buildScene, counts, row, rows } from "../../support/build-scene.ts";

function share(of: number) {
  return { requests: 1_000, repeats: 1_000 * of, share: of };
}

function repeats(baseline: number, spike: number): Scene["observations"] {
  const gapsSecs = { baseline: [], spike: [] };
  return {
    repeats: { comparesQuery: true, baseline: share(baseline), spike: share(spike), gapsSecs, rows: [] },
  };
}

function codesFor(scene: Scene) {
  return clientRegressionCause(scene)
    ?.evidence.filter(({ direction }) => direction === "for")
    .map(({ code }) => code);
}

function scoreOf(scene: Scene): number {
  return clientRegressionCause(scene)?.score ?? 0;
}

describe("a client regression", () => {
  it("is likely where as many clients each send more and repeat requests at once", () => {
    const scene = buildScene({ observations: repeats(0.01, 0.6) });

    expect(scoreOf(scene)).toBeGreaterThan(0.9);
    expect(codesFor(scene)).toEqual(["repeats", "busier-clients", "in-proportion"]);
    expect(clientRegressionCause(scene)).toMatchObject({ slice: {}, excessShare: 1 });
  });

  it("is unlikely where there are more clients instead", () => {
    const scene = buildScene();
    const crowd = buildScene({ rest: { ...scene.rest, clientsRatio: 3 } });

    expect(scoreOf(crowd)).toBeLessThan(0.1);
  });

  it("is less likely where nothing is repeated, and where what is repeated had failed", () => {
    const fine = repeats(0.01, 0.6);
    const scene = buildScene({ observations: fine });

    const unrepeated = buildScene({ observations: repeats(0.01, 0.01) });
    const retried = buildScene({ observations: { ...fine, retries: { baseline: share(0), spike: share(0.5) } } });

    expect(scoreOf(unrepeated)).toBeLessThan(scoreOf(scene));
    expect(scoreOf(retried)).toBeLessThan(scoreOf(scene));
  });

  it("takes fewer answers of 304 for a sign", () => {
    const of304 = (baseline: number, spike: number) =>
      buildScene({ breakdown: buildBreakdown({ by: { status: rows(row("304", baseline, spike)) } }) });

    expect(codesFor(of304(1_200, 900))).toContain("not-modified-falls");
    expect(codesFor(of304(1_200, 3_600))).not.toContain("not-modified-falls");
    expect(codesFor(of304(30, 0))).not.toContain("not-modified-falls");
  });

  it("names the user agent that carries it", () => {
    const carrier = {
      values: { userAgent: "App/2.0" },
      excessShare: 0.9,
      ratio: 9,
      requests: { baseline: 100, spike: 11_000 },
      backendSecs: { baseline: 0, spike: 0 },
      missShare: null,
    };

    expect(clientRegressionCause(buildScene({ carriers: [carrier] }))?.slice).toEqual({ userAgent: "App/2.0" });
  });

  it("names the observation that decides between it and its rivals", () => {
    const { rivals } = clientRegressionCause(buildScene()) ?? { rivals: [] };

    expect(rivals.map(({ kind }) => kind)).toEqual(["retry-storm", "distributed-flood"]);
    expect(rivals[0]?.decidedBy).toBe("whether the repeated requests follow failed ones");
  });

  it.each<[string, Partial<Scene>]>([
    ["requests did not rise", { measure: "backendSecs", breakdown: buildBreakdown({ spike: counts(6_600) }) }],
    ["the guilty leave too little", { rest: { ratio: 3, excess: 1, excessShare: 0.1, clientsRatio: 1 } }],
    ["clients were not counted", { rest: { ratio: 3, excess: 1, excessShare: 1, clientsRatio: null } }],
    [
      "the log holds one address for everybody",
      { breakdown: buildBreakdown({ by: { ip: rows(row("172.16.0.9", 6_000, 18_000)) } }) },
    ],
  ])("is not judged where %s", (_name, given) => {
    expect(clientRegressionCause(buildScene(given))).toBeNull();
  });
});
