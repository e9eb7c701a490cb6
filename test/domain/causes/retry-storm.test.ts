import { describe, expect, it } from "@jest/globals";
import { retryStormCause } from "../../../src/domain/causes/retry-storm.ts";
import type { Scene } from "../../../src/domain/causes/scene.ts";
import { buildBreakdown, buildScene, counts } from "../../support/build-scene.ts";

function retries(baseline: number, spike: number): Scene["observations"] {
  const share = (of: number) => ({ requests: 1_000, repeats: 1_000 * of, share: of });
  return { retries: { baseline: share(baseline), spike: share(spike) } };
}

function storm(after: number, errors: number): Scene {
  const breakdown = buildBreakdown({ spike: counts(18_000, { errors }) });
  return buildScene({ breakdown, observations: retries(0.001, after) });
}

describe("a retry storm", () => {
  it("is likely where many requests follow failed ones of the same client", () => {
    const cause = retryStormCause(storm(0.5, 9_000));

    expect(cause?.score).toBeGreaterThan(0.9);
    expect(cause?.evidence.map(({ code }) => code)).toEqual(["after-failures", "failing", "busier-clients"]);
  });

  it("is never less likely for more tries", () => {
    const scores = [0.05, 0.1, 0.2, 0.4, 0.6].map((after) => retryStormCause(storm(after, 6_000))?.score ?? 0);

    expect(scores).toEqual(scores.toSorted((a, b) => a - b));
  });

  it("is unlikely where hardly anything fails", () => {
    expect(retryStormCause(storm(0.02, 100))?.score).toBeLessThan(0.1);
  });

  it("is told from a client regression by whether what is repeated was answered well", () => {
    expect(retryStormCause(storm(0.5, 9_000))?.rivals).toMatchObject([
      { kind: "client-regression", decidedBy: "whether requests are repeated that were answered well" },
    ]);
  });

  it("is not judged where the log was not asked, or nothing is left by the guilty", () => {
    const rest = { ratio: 1.1, excess: 10, excessShare: 0.05, clientsRatio: 1 };

    expect(retryStormCause(buildScene())).toBeNull();
    expect(retryStormCause({ ...storm(0.5, 9_000), rest })).toBeNull();
  });
});
