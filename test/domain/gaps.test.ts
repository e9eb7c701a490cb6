import { describe, expect, it } from "@jest/globals";
import { describeGaps } from "../../src/domain/gaps.ts";

describe("describeGaps", () => {
  it("counts the empty minutes between the first request and the last", () => {
    expect(describeGaps({ requests: [0, 0, 40, 50, 0, 0, 60, 45, 0] })).toBe(
      "In 2 of 6 minutes there is no request at all: the log may have gaps, and what was then cannot be told.",
    );
  });

  it.each([
    ["every minute has some", [40, 50, 45]],
    ["minutes are empty by chance", [3, 0, 2, 0, 1]],
    ["there is no request", [0, 0, 0]],
    ["there is no minute", []],
  ])("says nothing where %s", (_name, requests) => {
    expect(describeGaps({ requests })).toBeNull();
  });
});
