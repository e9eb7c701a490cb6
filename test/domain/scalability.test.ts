import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { fitScalability, type Scalability, throughputAt } from "../../src/domain/scalability.ts";
import { scalingOutlook } from "../../src/domain/scaling-limits.ts";
import type { TrafficCounts } from "../../src/domain/traffic.ts";
import { seededRandom } from "../support/simulate-traffic.ts";

const usl = (alpha: number, beta: number, gamma: number): Scalability => ({
  kind: "usl",
  alpha,
  beta,
  gamma,
  peakN: null,
});
const LEVELS = [1, 2, 4, 8, 12, 16, 24, 32];
const measured = (law: Scalability, noise = 0) => {
  const random = seededRandom(9);
  return LEVELS.map((n) => ({ n, perSec: throughputAt(law, n) * (1 + noise * (2 * random() - 1)) }));
};

describe("the law of scalability", () => {
  it("is found again from what it gives, with its peak", () => {
    const fitted = fitScalability(measured(usl(0.05, 0.002, 100)));

    expect(fitted).toMatchObject({
      kind: "usl",
      alpha: expect.closeTo(0.05, 6),
      beta: expect.closeTo(0.002, 6),
      gamma: expect.closeTo(100, 4),
      peakN: expect.closeTo(Math.sqrt(0.95 / 0.002), 3),
    });
  });

  it("is near in spite of errors of 3 %", () => {
    const fitted = fitScalability(measured(usl(0.05, 0.002, 100), 0.03));

    for (const n of LEVELS) {
      const truth = throughputAt(usl(0.05, 0.002, 100), n);
      expect(Math.abs(throughputAt(fitted ?? usl(0, 0, 0), n) / truth - 1)).toBeLessThan(0.05);
    }
  });

  it("never has negative parts, and no peak where none agrees with all others", () => {
    const parameter = fc.double({ min: 0, max: 0.3, noNaN: true });
    fc.assert(
      fc.property(parameter, fc.double({ min: 0, max: 0.01, noNaN: true }), parameter, (alpha, beta, noise) => {
        const fitted = fitScalability(measured(usl(alpha, beta, 10), noise));

        if (fitted?.kind !== "usl") throw new Error("not fitted");
        expect(Math.min(fitted.alpha, fitted.beta)).toBeGreaterThanOrEqual(0);
        expect(fitted.gamma).toBeGreaterThan(0);
        expect(fitted.peakN === null).toBe(fitted.beta === 0);
      }),
    );
    expect(fitScalability(measured(usl(0, 0, 10)))).toMatchObject({ peakN: null, gamma: expect.closeTo(10, 6) });
  });

  it("is a line with a warning where fewer than five levels were seen, however often", () => {
    const points = [2, 2, 2, 4, 4, 6, 8].map((n) => ({ n, perSec: 50 * n }));

    expect(fitScalability(points)).toEqual({
      kind: "linear",
      gamma: 50,
      warning: "only 4 different levels were seen, 5 are needed to see a limit: taken as in proportion",
    });
    expect(fitScalability([])).toBeNull();
  });
});

describe("the outlook of scaling", () => {
  const counts = (given: Partial<TrafficCounts>): TrafficCounts => ({
    requests: 1_000,
    bytes: 0,
    errors: 0,
    clients: 0,
    backendSecs: 100,
    cacheMisses: null,
    ...given,
  });
  const outlook = (baseline: TrafficCounts, spike: TrafficCounts, fitted: Scalability | null = null) =>
    scalingOutlook({ baseline, spike, timeFactor: 1, fitted: fitted && { scalability: fitted, n: 16 } });

  it("is open where more requests come, each as quick as ever", () => {
    expect(outlook(counts({}), counts({ requests: 3_000, backendSecs: 300 }))).toEqual({ mayHelp: true, limits: [] });
  });

  it("is poor where as many requests take longer behind", () => {
    const { mayHelp, limits } = outlook(counts({}), counts({ requests: 1_020, backendSecs: 510 }));

    expect(mayHelp).toBe(false);
    expect(limits).toMatchObject([{ limit: "slower-behind", value: 5 }]);
    expect(limits[0]?.statement).toContain("5.0 ×");
  });

  it("is open where they take longer because more come", () => {
    expect(outlook(counts({}), counts({ requests: 3_000, backendSecs: 1_500 })).mayHelp).toBe(true);
  });

  it("is poor where the cache lets through what it answered before, and the servers are not called slower", () => {
    const { limits } = outlook(counts({ cacheMisses: 100 }), counts({ cacheMisses: 900, backendSecs: 900 }));

    expect(limits).toMatchObject([{ limit: "cache-bypass", value: 9 }]);
  });

  it("is poor where throughput falls or hardly grows with more", () => {
    const same = counts({});

    expect(outlook(same, same, usl(0.01, 0.005, 100)).limits).toMatchObject([
      { limit: "contention", statement: "twice as many would serve no more than now", value: 0 },
    ]);
    expect(outlook(same, same, usl(0.2, 0, 100)).limits[0]?.statement).toContain("serve only 1.1 ×");
    expect(outlook(same, same, usl(0.001, 0, 100)).mayHelp).toBe(true);
    expect(outlook(same, same, { kind: "linear", gamma: 1, warning: "" }).mayHelp).toBe(true);
  });
});
