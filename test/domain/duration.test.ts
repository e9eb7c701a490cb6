import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { formatDuration, parseDuration } from "../../src/domain/duration.ts";

describe("formatDuration", () => {
  it.each([
    [0, "0 s"],
    [0.4, "0 s"],
    [59, "59 s"],
    [60, "1 min"],
    [61, "1 min 1 s"],
    [5_400, "1 h 30 min"],
    [7_200, "2 h"],
    [3_605, "1 h"],
    [90_000, "1 d 1 h"],
    [8_640_000, "100 d"],
    [-90, "−1 min 30 s"],
  ])("writes %d s as %s", (durationSecs, text) => {
    expect(formatDuration(durationSecs)).toBe(text);
  });
});

describe("parseDuration", () => {
  it.each([
    ["90s", 90],
    ["30m", 1_800],
    ["2h", 7_200],
    ["1h30m", 5_400],
    ["1 h 30 min", 5_400],
    ["90 minutes", 5_400],
    ["1D", 86_400],
  ])("reads %j as %d s", (text, secs) => {
    expect(parseDuration(text)).toBe(secs);
  });

  it.each(["", "2", "h", "-2h", "1.5h", "2 fortnights", "0m", "5constructor", "2h because"])("refuses %j", (text) => {
    expect(parseDuration(text)).toBeNull();
  });

  it("reads back what formatDuration wrote of whole minutes up to a day", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_439 }), (minutes) => {
        expect(parseDuration(formatDuration(minutes * 60))).toBe(minutes * 60);
      }),
    );
  });
});
