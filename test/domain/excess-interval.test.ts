import { describe, expect, it } from "@jest/globals";
import { excessShareBetween } from "../../src/domain/excess-interval.ts";
import { compareWindows } from "../../src/domain/slices.ts";
import { MINUTE_MS } from "../../src/domain/time-window.ts";
import { buildBreakdown } from "../support/build-scene.ts";
import { poisson, seededRandom } from "../support/simulate-traffic.ts";

const breakdown = buildBreakdown();
const comparison = compareWindows(breakdown);

function between(removed: number, perMin: readonly number[]) {
  const { startMs } = breakdown.baselineWindow;
  const series = { startMs, stepMs: MINUTE_MS, requests: perMin, bytes: [], errors: [], clients: [] };
  return excessShareBetween(removed, { series, breakdown, comparison });
}

function minutes(spread: number): number[] {
  const random = seededRandom(1);
  return Array.from({ length: 120 }, (_, minute) => (minute % 2 === 0 ? 1 : -1) * spread + poisson(100, random));
}

describe("excessShareBetween", () => {
  it("takes in the share itself, and is wider where usual minutes differ more", () => {
    const [calm, wild] = [between(6_000, minutes(0)), between(6_000, minutes(60))];

    expect(calm?.[0]).toBeLessThan(0.5);
    expect(calm?.[1]).toBeGreaterThan(0.5);
    expect((wild?.[1] ?? 0) - (wild?.[0] ?? 0)).toBeGreaterThan(2 * ((calm?.[1] ?? 0) - (calm?.[0] ?? 0)));
  });

  it("stays between nothing and all", () => {
    expect(between(0, minutes(0))).toEqual([0, 0]);
    expect(between(50_000, minutes(0))).toEqual([1, 1]);
  });

  it("is not known where the baseline has fewer than two steps, or there is no excess", () => {
    const calm = { ...comparison, excess: 0 };
    const series = { startMs: 0, stepMs: MINUTE_MS, requests: [], bytes: [], errors: [], clients: [] };

    expect(between(6_000, [])).toBeNull();
    expect(excessShareBetween(1, { series, breakdown, comparison: calm })).toBeNull();
  });

  it("holds the truth in most of many spikes", () => {
    const inside = Array.from({ length: 200 }, (_, seed) => {
      const random = seededRandom(seed + 1);
      const usual = Array.from({ length: 120 }, () => poisson(100, random));
      const added = 6_000;
      const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
      const counted = { baseline: sum(usual.slice(0, 60)), spike: sum(usual.slice(60)) + added };
      const of = buildBreakdown({
        baseline: { ...breakdown.baseline, requests: counted.baseline },
        spike: { ...breakdown.spike, requests: counted.spike },
      });
      const series = {
        startMs: of.baselineWindow.startMs,
        stepMs: MINUTE_MS,
        requests: usual,
        bytes: [],
        errors: [],
        clients: [],
      };
      // A half of what was added is the part; the truth is therefore one half.
      const found = excessShareBetween(added / 2, { series, breakdown: of, comparison: compareWindows(of) });
      return found !== null && found[0] <= 0.5 && found[1] >= 0.5;
    });

    expect(inside.filter(Boolean).length / inside.length).toBeGreaterThan(0.9);
  });
});
