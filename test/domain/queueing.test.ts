import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  backlogAtReady,
  concurrency,
  drainSecs,
  instancesNeeded,
  planAhead,
  scaleOutLagSecs,
} from "../../src/domain/queueing.ts";

const LAG = { metricPeriodSecs: 60, evaluationPeriods: 3, bootSecs: 90, warmupSecs: 30 };

describe("Little's law", () => {
  it("tells how many requests are under way, and how many instances that takes", () => {
    const now = { instances: 4, perSec: 100 };

    expect(concurrency(200, 0.3)).toBeCloseTo(60, 9);
    expect(instancesNeeded({ perSec: 200, now, service: { secs: 0.3, atOnce: 16 } })).toEqual({
      instances: 6,
      basis: "littles-law",
    });
  });

  it.each([
    { perSec: 250, now: { instances: 4, perSec: 100 }, instances: 10 },
    { perSec: 10, now: { instances: 4, perSec: 100 }, instances: 1 },
    { perSec: 10, now: { instances: 3, perSec: 0 }, instances: 3 },
  ])("gives way to proportion where a worker's part is unknown: $instances", ({ perSec, now, instances }) => {
    expect(instancesNeeded({ perSec, now, service: null })).toEqual({ instances, basis: "proportion" });
  });

  it("never asks for fewer where more requests come", () => {
    const rate = fc.double({ min: 0.1, max: 1e5, noNaN: true });
    fc.assert(
      fc.property(rate, rate, fc.boolean(), (one, more, knowsService) => {
        const fleet = {
          now: { instances: 3, perSec: 50 },
          service: knowsService ? { secs: 0.2, atOnce: 8 } : null,
        };

        expect(instancesNeeded({ perSec: one + more, ...fleet }).instances).toBeGreaterThanOrEqual(
          instancesNeeded({ perSec: one, ...fleet }).instances,
        );
      }),
    );
  });
});

describe("what waits until new instances help", () => {
  it("is all that comes too many, for as long as that takes", () => {
    expect(scaleOutLagSecs(LAG)).toBe(300);
    expect(
      backlogAtReady({ fromPerSec: 50, toPerSec: 150, riseSecs: 0, capacityPerSec: 100, lagSecs: 300 }),
    ).toBeCloseTo(15_000, 6);
  });

  it.each([
    { name: "half of that while the rise goes on", riseSecs: 600, gives: (300 * 50) / 2 },
    { name: "less where the rise is slower than the lag", riseSecs: 1_200, gives: (300 * 25) / 2 },
    { name: "more where it is over before", riseSecs: 300, gives: (150 * 50) / 2 + 150 * 50 },
  ])("is $name", ({ riseSecs, gives }) => {
    const rise = { fromPerSec: 50, toPerSec: 150, riseSecs, capacityPerSec: 100, lagSecs: 300 };

    expect(backlogAtReady(rise)).toBeCloseTo(gives, 6);
  });

  it("is nothing where there is enough, and counts what was too much from the start", () => {
    const rise = { fromPerSec: 50, toPerSec: 150, riseSecs: 60, lagSecs: 300 };

    expect(backlogAtReady({ ...rise, capacityPerSec: 150 })).toBe(0);
    expect(backlogAtReady({ ...rise, capacityPerSec: 20 })).toBeCloseTo((60 * (30 + 130)) / 2 + 240 * 130, 6);
  });

  it("is worked off by what can be served beyond what comes", () => {
    expect(drainSecs(15_000, 150, 250)).toBe(150);
    expect(drainSecs(15_000, 150, 150)).toBeNull();
    expect(drainSecs(0, 150, 100)).toBe(0);
  });
});

describe("planAhead", () => {
  it("says that 200 people who become 12,152 within a minute are faster than any scaling", () => {
    const plan = planAhead({ fromPerSec: 200, toPerSec: 12_152, riseSecs: 60, capacityPerSec: 800 }, LAG, {
      now: { instances: 2, perSec: 800 },
      service: null,
    });

    expect(plan).toMatchObject({ isTooLate: true, instances: { instances: 31, basis: "proportion" }, leadSecs: 120 });
    expect(plan.lostShare).toBeGreaterThan(0.9);
  });

  it("is content with a rise that stays within what there is", () => {
    const plan = planAhead({ fromPerSec: 20, toPerSec: 40, riseSecs: 60, capacityPerSec: 50 }, LAG, {
      now: { instances: 2, perSec: 50 },
      service: null,
    });

    expect(plan).toMatchObject({ isTooLate: false, backlog: 0, lostShare: 0 });
  });
});
