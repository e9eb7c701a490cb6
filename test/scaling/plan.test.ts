import { describe, expect, it } from "@jest/globals";
import { planRaise, planRestore } from "../../src/scaling/plan.ts";

const capacity = (min: number, desired: number, max = 10) => ({ min, desired, max, running: desired });

describe("raising", () => {
  it.each([
    ["the minimum with the desired count", capacity(2, 3), 6, { min: 6, max: 10, desired: 6 }],
    ["only the minimum where more are wanted already", capacity(2, 8), 6, { min: 6, max: 10, desired: 8 }],
    ["nothing where the group is larger already", capacity(7, 8), 6, { min: 7, max: 10, desired: 8 }],
    ["the maximum too where it is lower", capacity(2, 3, 5), 6, { min: 6, max: 6, desired: 6 }],
  ])("sets %s", (_, now, instances, sizes) => {
    expect(planRaise(now, instances)).toEqual(sizes);
  });
});

describe("putting back", () => {
  const before = capacity(2, 3);

  it.each([
    ["what we set", capacity(6, 6), { min: 2, desired: 3 }, []],
    ["nothing twice", capacity(2, 3), { min: 2, desired: 3 }, []],
    [
      "the minimum alone where a policy wants more by now",
      capacity(6, 9),
      { min: 2, desired: 9 },
      [/^The desired count stays at 9/],
    ],
    [
      "the desired count no lower than somebody's new minimum",
      capacity(4, 6),
      { min: 4, desired: 4 },
      [/^The minimum stays at 4: it was set to 6/],
    ],
    [
      "nothing of what somebody else set anew",
      capacity(5, 8),
      { min: 5, desired: 8 },
      [/^The minimum stays/, /^The desired count stays/],
    ],
    ["no more than somebody's new maximum", capacity(6, 6, 2), { min: 2, desired: 2 }, []],
  ])("sets %s", (_, now, sizes, left) => {
    const plan = planRestore({ before, now, raisedTo: 6 });

    expect(plan.sizes).toEqual({ max: now.max, ...sizes });
    expect(plan.left).toEqual(left.map((sentence) => expect.stringMatching(sentence)));
  });

  it("takes the minimum of now for ours where nobody says what we set", () => {
    expect(planRestore({ before, now: capacity(6, 6), raisedTo: null }).sizes).toEqual({ min: 2, max: 10, desired: 3 });
    expect(planRestore({ before, now: capacity(6, 7), raisedTo: null }).sizes).toEqual({ min: 2, max: 10, desired: 7 });
  });

  describe("a maximum that was raised with it", () => {
    const low = capacity(2, 3, 6);

    it.each([
      ["lowers it again", capacity(8, 8, 8), { min: 2, max: 6, desired: 3 }],
      ["leaves what somebody put back already", capacity(2, 3, 6), { min: 2, max: 6, desired: 3 }],
    ])("%s", (_, now, sizes) => {
      expect(planRestore({ before: low, now, raisedTo: 8 })).toEqual({ sizes, left: [], conflict: null });
      expect(planRestore({ before: low, now, raisedTo: null }).sizes).toEqual(sizes);
    });

    it("is for people to decide on where somebody set it to something else, and put back where they say so", () => {
      const now = capacity(8, 8, 12);

      const plan = planRestore({ before: low, now, raisedTo: 8 });
      const forced = planRestore({ before: low, now, raisedTo: 8, isForced: true });

      expect(plan.conflict).toBe("the maximum is 12, which is neither the 8 it was raised to nor the 6 from before");
      expect(forced).toEqual({ sizes: { min: 2, max: 6, desired: 3 }, left: [], conflict: null });
    });

    it("takes a count with it that somebody set over the one from before, and says so", () => {
      const plan = planRestore({ before: low, now: capacity(2, 7, 8), raisedTo: 8 });

      expect(plan.sizes).toEqual({ min: 2, max: 6, desired: 6 });
      expect(plan.left).toEqual([expect.stringMatching(/^The desired count goes from 7 to 6, as the bounds allow/)]);
    });

    it("is told beside a minimum that somebody changed, too", () => {
      expect(planRestore({ before: low, now: capacity(4, 8, 12), raisedTo: 8 }).conflict).toBe(
        "the minimum is 4, which is neither the 8 it was raised to nor the 2 from before, and the maximum is 12, which is neither the 8 it was raised to nor the 6 from before",
      );
    });
  });
});
