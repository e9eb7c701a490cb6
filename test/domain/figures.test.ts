import { expect, it } from "@jest/globals";
import { formatCount, formatRatio, formatShare } from "../../src/domain/figures.ts";

it.each([
  [0, "0 %"],
  [0.0004, "under 0.1 %"],
  [0.002, "0.2 %"],
  [0.847, "84.7 %"],
  [0.85, "85 %"],
  [0.9999, "over 99.9 %"],
  [1, "100 %"],
])("writes the share %d as %s", (share, text) => {
  expect(formatShare(share)).toBe(text);
});

it.each([
  [5.919, "5.9 ×"],
  [1.02, "1.02 ×"],
  [0.85, "0.85 ×"],
  [61.2, "61 ×"],
  [1_234, "1,234 ×"],
])("writes the ratio %d as %s", (ratio, text) => {
  expect(formatRatio(ratio)).toBe(text);
});

it("writes counts with separators", () => {
  expect(formatCount(4_812_077.4)).toBe("4,812,077");
});
