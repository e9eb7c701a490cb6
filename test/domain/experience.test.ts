import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { apdex, compareExperience } from "../../src/domain/experience.ts";
import type { ApdexCounts } from "../../src/domain/traffic.ts";

const NONE: ApdexCounts = { satisfied: 0, tolerating: 0, frustrated: 0, failed: 0, abandoned: 0 };

describe("apdex", () => {
  it.each([
    { counts: { satisfied: 10 }, gives: 1 },
    { counts: { tolerating: 10 }, gives: 0.5 },
    { counts: { frustrated: 10, failed: 10 }, gives: 0 },
    { counts: { satisfied: 60, tolerating: 30, frustrated: 10 }, gives: 0.75 },
    { counts: {}, gives: null },
  ])("of $counts is $gives", ({ counts, gives }) => {
    expect(apdex({ ...NONE, ...counts })).toBe(gives);
  });

  it("is within 0 and 1, and no better for anybody frustrated more", () => {
    const count = fc.nat({ max: 1e9 });
    fc.assert(
      fc.property(count, count, count, (satisfied, tolerating, frustrated) => {
        const value = apdex({ ...NONE, satisfied: satisfied + 1, tolerating, frustrated }) ?? Number.NaN;
        const worse = apdex({ ...NONE, satisfied: satisfied + 1, tolerating, frustrated: frustrated + 1 });

        expect(value).toBeGreaterThan(0);
        expect(value).toBeLessThanOrEqual(1);
        expect(worse).toBeLessThan(value);
      }),
    );
  });
});

describe("compareExperience", () => {
  it("tells how much worse it became, how much was lost, and by what", () => {
    const baseline = { ...NONE, satisfied: 90, tolerating: 10 };
    const spike = { satisfied: 40, tolerating: 20, frustrated: 40, failed: 10, abandoned: 20 };

    expect(compareExperience(baseline, spike)).toEqual({
      baseline: { apdex: 0.95, lost: 0 },
      spike: { apdex: 0.5, lost: 0.3 },
      apdexChange: expect.closeTo(-0.45, 9),
      frustratedBy: { errors: 0.25, leaving: 0.5, slowness: 0.25 },
    });
  });

  it("says nothing where there was nobody", () => {
    expect(compareExperience(NONE, { ...NONE, satisfied: 1 })).toEqual({
      baseline: { apdex: null, lost: null },
      spike: { apdex: 1, lost: 0 },
      apdexChange: null,
      frustratedBy: null,
    });
  });
});
