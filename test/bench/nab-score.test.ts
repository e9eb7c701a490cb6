import { describe, expect, it } from "@jest/globals";
import { normalisedScore, PROFILES, probationPoints, type Tally, tallyAlarms } from "../../bench/nab/score.ts";

const [STANDARD, LOW_FP, LOW_FN] = PROFILES;
const WINDOW = { first: 400, last: 499 };

function scoreOf(alarms: readonly number[], profile: (typeof PROFILES)[number] = STANDARD, windows = [WINDOW]) {
  return normalisedScore([tallyAlarms(1_000, alarms, windows)], profile);
}

describe("NAB's score", () => {
  it.each([
    ["nothing is said", [], STANDARD, 0],
    ["the first point of the window is hit", [400], STANDARD, 100],
    // (2 / (1 + e^−2.5) − 1) / (2 / (1 + e^−5) − 1) = 0.8598
    ["its middle is hit", [450], STANDARD, (100 * (0.8598 + 1)) / 2],
    ["its last point is hit", [499], STANDARD, (100 * (0.02533 + 1)) / 2],
    ["a second alarm in it brings nothing", [400, 450, 499], STANDARD, 100],
    ["an alarm before every window is wrong", [200], STANDARD, (100 * -0.11) / 2],
    ["wrong alarms cost double", [200], LOW_FP, (100 * -0.22) / 2],
    ["misses cost double", [400, 200], LOW_FN, (100 * (1 - 0.11 + 2)) / 3],
    // One width behind: 2 / (1 + e^5) − 1 = −0.98661
    ["an alarm a width behind is nearly wholly wrong", [400, 598], STANDARD, (100 * (1 - 0.11 * 0.98661 + 1)) / 2],
    ["one three widths behind wholly", [400, 796], STANDARD, (100 * (1 - 0.11 + 1)) / 2],
    ["one right behind hardly", [400, 500], STANDARD, (100 * (1 - 0.11 * 0.02525 + 1)) / 2],
    ["alarms in the probation do not count", [10, 149, 400], STANDARD, 100],
  ])("where %s, is as the rules have it", (_, alarms, profile, expected) => {
    expect(scoreOf(alarms, profile)).toBeCloseTo(expected, 2);
  });

  it("counts a window by what is left of it after the probation, and none within", () => {
    const windows = [
      { first: 100, last: 120 },
      { first: 140, last: 160 },
    ];

    expect(tallyAlarms(1_000, [110, 145], windows)).toMatchObject({ windows: 1, hits: 0, falseAlarms: 0 });
    expect(tallyAlarms(1_000, [155], windows)).toMatchObject({ windows: 1, hits: 1 });
  });

  it.each([
    [1_000, 150],
    [4_032, 604],
    [15_902, 750],
    [0, 0],
  ])("of %d points leaves out %d", (points, expected) => {
    expect(probationPoints(points)).toBe(expected);
  });

  it("is no number without a window", () => {
    expect(scoreOf([200], STANDARD, [])).toBeNull();
  });

  it("adds up series, whose windows weigh alike", () => {
    const perfect = tallyAlarms(1_000, [400], [WINDOW]);
    const silent: Tally = { windows: 3, hits: 0, worth: 0, falseAlarms: 0, cost: 0 };

    expect(normalisedScore([perfect, silent], STANDARD)).toBeCloseTo(25, 9);
  });
});
