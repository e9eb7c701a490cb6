import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { editDistance, nearest } from "../../src/slack/nearest.ts";

describe("the nearest word", () => {
  it.each([
    ["spkie", "spike"],
    ["SPIKE", "spike"],
    ["scal", "scale"],
    ["incidnet", "incident"],
    ["post", "postmortem"],
    ["unblok", "unblock"],
    ["weather", null],
    ["x", null],
  ])("for %s is %s", (typed, expected) => {
    const known = ["spike", "top", "block", "unblock", "blocks", "scale", "incident", "postmortem"];

    expect(nearest(typed, known)).toBe(expected);
  });

  it("is none among no words", () => {
    expect(nearest("spike", [])).toBeNull();
  });
});

describe("the distance of two words", () => {
  const word = fc.string({ maxLength: 12 });

  it("is nothing for the same word and the same both ways", () => {
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, a)).toBe(0);
        expect(editDistance(a, b)).toBe(editDistance(b, a));
      }),
    );
  });

  it("counts one for a letter that is inserted, dropped, replaced or swapped with its neighbour", () => {
    expect(["spke", "spiike", "spile", "psike"].map((typed) => editDistance(typed, "spike"))).toEqual([1, 1, 1, 1]);
  });
});
