import { describe, expect, it } from "@jest/globals";
import { heavyClientCauses } from "../../../src/domain/causes/heavy-client.ts";
import type { Scene } from "../../../src/domain/causes/scene.ts";
import type { TrafficCube } from "../../../src/domain/traffic.ts";
import { buildBreakdown, buildCost, buildScene, counts, guiltySlice, row, rows } from "../../support/build-scene.ts";

const CRAWLER = "198.51.100.14";

function crawled(excessShare: number, given: Partial<Scene> = {}): Scene {
  return buildScene({
    guilty: [guiltySlice("ip", row(CRAWLER, 0, 12_000), excessShare)],
    guiltyShare: excessShare,
    rest: { ratio: 1, excess: 0, excessShare: 1 - excessShare, clientsRatio: 1 },
    ...given,
  });
}

/** What the crawler asked for, by how it was answered. */
function answered(statuses: Readonly<Record<string, number>>): TrafficCube {
  return {
    dimensions: ["ip", "status"],
    cells: Object.entries(statuses).map(([status, requests]) => ({
      values: [CRAWLER, status],
      baseline: counts(0),
      spike: counts(requests),
    })),
  };
}

describe("a heavy client", () => {
  it("is likely where one new address carries the excess and everybody else is as usual", () => {
    const [cause] = heavyClientCauses(crawled(0.99));

    expect(cause).toMatchObject({ kind: "heavy-client", slice: { ip: CRAWLER }, excessShare: 0.99 });
    expect(cause?.score).toBeGreaterThan(0.95);
    expect(cause?.evidence.map(({ code }) => code)).toEqual([
      "share-of-excess",
      "times-heaviest-client",
      "others",
      "first-seen",
    ]);
  });

  it("is never less likely for a larger share", () => {
    const scores = [0.02, 0.1, 0.3, 0.6, 0.9].map((share) => heavyClientCauses(crawled(share))[0]?.score ?? 0);

    expect(scores).toEqual(scores.toSorted((a, b) => a - b));
  });

  it("is one of several where several are guilty, each with its own share", () => {
    const guilty = [0.5, 0.3].map((share, i) => guiltySlice("ip", row(`203.0.113.${i}`, 0, 6_000), share));

    const causes = heavyClientCauses(buildScene({ guilty, guiltyShare: 0.8 }));

    expect(causes.map(({ excessShare }) => excessShare)).toEqual([0.5, 0.3]);
    expect(causes[0]?.rivals.map(({ kind }) => kind)).toContain("distributed-flood");
  });

  it("has against it that it was a good part of the usual traffic", () => {
    const known = crawled(0.9, { guilty: [guiltySlice("ip", row(CRAWLER, 600, 12_000), 0.9)] });

    const [cause] = heavyClientCauses(known);

    expect(cause?.evidence).toContainEqual(expect.objectContaining({ code: "usual-before", direction: "against" }));
    expect(cause?.rivals[0]?.kind).toBe("client-regression");
  });

  it("is a scanner where most of what it asks for is not there", () => {
    const observations = { cube: answered({ 404: 9_000, 200: 3_000 }) };

    const [cause] = heavyClientCauses(crawled(0.99, { observations }));

    expect(cause).toMatchObject({ kind: "scanner", rivals: [{ kind: "heavy-client" }] });
  });

  it("is no scanner where it is turned away by a limit", () => {
    const observations = { cube: answered({ 429: 9_000, 200: 3_000 }) };

    expect(heavyClientCauses(crawled(0.99, { observations }))[0]?.kind).toBe("heavy-client");
  });

  it("gains nothing by the name of a search engine, which anybody can take", () => {
    const named = (userAgent: string) =>
      crawled(0.6, { breakdown: buildBreakdown({ by: { userAgent: rows(row(userAgent, 0, 12_000)) } }) });

    const [plain, claiming] = ["Mozilla/5.0 Browser/1", "Mozilla/5.0 (compatible; Googlebot/2.1)"].map(
      (agent) => heavyClientCauses(named(agent))[0],
    );

    expect(claiming?.score).toBeCloseTo(plain?.score ?? 0, 9);
  });

  it("is found by its cost where requests did not rise", () => {
    const carrier = {
      values: { ip: CRAWLER },
      excessShare: 0.8,
      ratio: null,
      requests: { baseline: 0, spike: 400 },
      backendSecs: { baseline: 0, spike: 3_200 },
      missShare: null,
    };
    const breakdown = buildBreakdown({ spike: counts(6_400) });

    const causes = heavyClientCauses(
      buildScene({ measure: "backendSecs", breakdown, cost: buildCost({ carriers: [carrier] }) }),
    );

    expect(causes).toMatchObject([{ kind: "heavy-client", slice: { ip: CRAWLER }, excessShare: 0.8 }]);
    expect(causes[0]?.score).toBeGreaterThan(0.5);
  });

  it("is nobody where nobody stands out", () => {
    expect(heavyClientCauses(buildScene())).toEqual([]);
  });
});
