import { describe, expect, it } from "@jest/globals";
import { distributedFloodCause } from "../../../src/domain/causes/distributed-flood.ts";
import { flashCrowdCause } from "../../../src/domain/causes/flash-crowd.ts";
import type { Scene } from "../../../src/domain/causes/scene.ts";
import { explain } from "../../../src/domain/explanations.ts";
import { buildArrivals, buildBreakdown, buildScene, buildSplit, row, rows } from "../../support/build-scene.ts";

const PEOPLE = buildArrivals({
  excess: 11_500,
  clients: 1_200,
  requests: 12_000,
  newNetShare: 0.4,
  browserShare: 0.99,
});
const PROGRAMS = buildArrivals({
  excess: 11_500,
  clients: 3_000,
  requests: 12_000,
  newNetShare: 0.95,
  oneTemplateShare: 0.99,
  browserShare: 0.02,
  agent: { value: "Go-http-client/1.1", share: 0.98 },
  landing: { value: "/", share: 0.99 },
});

const CROWD = { ratio: 3, excess: 12_000, excessShare: 1, clientsRatio: 3 };

function crowded(split: Parameters<typeof buildSplit>[0], given: Partial<Scene> = {}): Scene {
  return buildScene({ split: buildSplit(split), rest: CROWD, ...given });
}

describe("a flash crowd", () => {
  it("is likely where new clients on browsers load what pages need", () => {
    expect(flashCrowdCause(crowded({ people: PEOPLE }))?.score).toBeGreaterThan(0.9);
  });

  it("is unlikely where new clients load nothing, and where there are no more clients", () => {
    const busier = { ...CROWD, clientsRatio: 1 };

    expect(flashCrowdCause(crowded({ programs: PROGRAMS }))?.score ?? 0).toBeLessThan(0.5);
    expect(flashCrowdCause(crowded({ people: PEOPLE }, { rest: busier }))?.score ?? 0).toBeLessThan(0.5);
  });

  it("is the less likely, the more its clients may be chance", () => {
    const scores = [100, 2, 0, -3].map((clientsGain) => flashCrowdCause(crowded({ people: PEOPLE }, { clientsGain })));

    const [sure = 0, likely = 0, ...chance] = scores.map((cause) => cause?.score ?? 0);
    expect(likely).toBeLessThan(sure);
    expect(chance).toEqual([chance[0], chance[0]]);
    expect(chance[0]).toBeLessThan(likely);
    expect(scores[3]?.evidence).toContainEqual(
      expect.objectContaining({ code: "more-clients", statement: expect.stringContaining("may be chance") }),
    );
  });

  it("is told from a flood by what its clients load", () => {
    const { rivals } = flashCrowdCause(crowded({ people: PEOPLE })) ?? { rivals: [] };

    expect(rivals[0]).toMatchObject({
      kind: "distributed-flood",
      decidedBy: "whether these clients load what the pages need, and go on to a second page",
    });
  });
});

describe("one network of many, wider than a block may be", () => {
  const network = (part: number) => `20.9.${part}.0/24`;
  const from = buildBreakdown({
    by: {
      wideNet: rows(row("20.9.0.0/16", 0, 11_000), row("203.0.0.0/16", 6_000, 7_000)),
      net: rows(...[4_000, 3_000, 2_000, 1_900, 100].map((requests, part) => row(network(part), 0, requests))),
    },
  });

  it("is named with what can be done about it where a flood comes from it", () => {
    const scene = crowded({ programs: PROGRAMS }, { breakdown: from });
    const cause = distributedFloodCause(scene);
    if (cause === null) throw new Error("there is no flood");

    expect(cause.evidence).toContainEqual(expect.objectContaining({ code: "one-wide-network", direction: "for" }));
    expect(explain(cause, scene)).toMatch(
      /; 9\d % of the excess is network 20\.9\.0\.0\/16, which is wider than a block may be \(\/24\): limit the rate of its addresses, or block its \/24s that carry 9\d % \(20\.9\.0\.0\/24, 20\.9\.1\.0\/24, 20\.9\.2\.0\/24 and 1 more\)$/,
    );
  });

  it("makes a crowd doubtful, whose people are still not to be blocked", () => {
    const scene = crowded({ people: PEOPLE }, { breakdown: from });
    const cause = flashCrowdCause(scene);
    if (cause === null) throw new Error("there is no crowd");

    expect(cause.score).toBeLessThan(flashCrowdCause(crowded({ people: PEOPLE }))?.score ?? 0);
    expect(explain(cause, scene)).toContain("is one network, 20.9.0.0/16: see whose it is");
    expect(explain(cause, scene)).not.toContain("block");
  });

  it("is nothing to tell where as many came from it before", () => {
    const usual = { ...from.by, wideNet: rows(row("20.9.0.0/16", 5_000, 15_000)) };
    const scene = crowded({ people: PEOPLE }, { breakdown: buildBreakdown({ by: usual }) });

    expect(flashCrowdCause(scene)?.evidence.map(({ code }) => code)).not.toContain("one-wide-network");
  });
});

describe("a distributed flood", () => {
  it("is likely where very many new clients of new networks load nothing and have one user agent", () => {
    const cause = distributedFloodCause(crowded({ programs: PROGRAMS }));

    expect(cause?.score).toBeGreaterThan(0.95);
    expect(cause?.evidence.every(({ direction }) => direction === "for")).toBe(true);
    expect(cause?.slice).toMatchObject({ userAgent: "Go-http-client/1.1" });
  });

  it("lists who it is, the busiest first", () => {
    const strangers = ["150.0.113.7", "150.1.113.7"].map((client, i) => ({ client, requests: 9 - i }));

    const cause = distributedFloodCause(crowded({ programs: PROGRAMS }, { observations: { strangers } }));

    expect(cause?.suspects).toEqual(["150.0.113.7", "150.1.113.7"]);
  });

  it("is never less likely for a larger share of the excess", () => {
    const scores = [2_000, 4_000, 8_000, 12_000].map(
      (excess) => distributedFloodCause(crowded({ programs: { ...PROGRAMS, excess } }))?.score ?? 0,
    );

    expect(scores).toEqual(scores.toSorted((a, b) => a - b));
  });

  it("is less likely where its networks were there before", () => {
    const usual = distributedFloodCause(crowded({ programs: { ...PROGRAMS, newNetShare: 0.1 } }));
    const strange = distributedFloodCause(crowded({ programs: PROGRAMS }));

    expect(usual?.score).toBeLessThan(strange?.score ?? 0);
  });

  it.each<[string, Scene]>([
    ["few clients carry it", crowded({ programs: { ...PROGRAMS, clients: 12 } })],
    ["they carry little of the excess", crowded({ programs: { ...PROGRAMS, excess: 600 } })],
    ["the log was not asked who came", buildScene({ split: null })],
  ])("is not judged where %s", (_name, scene) => {
    expect(distributedFloodCause(scene)).toBeNull();
  });
});
