import { describe, expect, it } from "@jest/globals";
import { formatsRead, linesText, skippedByReason } from "../../src/domain/intake-text.ts";
import { buildIntake } from "../support/build-finding.ts";

describe("what became of a log, in words", () => {
  it.each([
    [{}, "481,207 lines = 481,205 parsed + 2 recovered + 0 unparsed"],
    [{ headers: 24 }, "481,207 lines = 481,205 parsed (24 of them headers) + 2 recovered + 0 unparsed"],
    [
      { lines: 1, parsed: 1, headers: 1, recovered: 0 },
      "1 line = 1 parsed (1 of them a header) + 0 recovered + 0 unparsed",
    ],
  ])("%j", (given, text) => {
    expect(linesText(buildIntake(given))).toBe(text);
  });

  it("puts together what was skipped alike, the most first", () => {
    const skipped = [
      { file: "a", reason: "is empty" },
      { file: "b", reason: "is binary" },
      { file: "c", reason: "is binary" },
    ];

    expect(skippedByReason(skipped)).toEqual([
      { reason: "is binary", files: 2, first: "b" },
      { reason: "is empty", files: 1, first: "a" },
    ]);
  });

  it("names formats with how each was told, where that was kept", () => {
    const detected = [{ format: "alb", file: "a", because: "9 of 9 lines are it" }];

    expect(formatsRead({ formats: { caddy: 1, alb: 12 }, detected })).toEqual([
      { format: "alb", files: 12, because: "9 of 9 lines are it" },
      { format: "caddy", files: 1, because: null },
    ]);
  });
});
