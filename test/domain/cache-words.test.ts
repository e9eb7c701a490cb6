import { describe, expect, it } from "@jest/globals";
import { CACHE_MISS_WORDS, isCacheMiss } from "../../src/domain/cache-words.ts";

describe("isCacheMiss", () => {
  it.each(["Miss", "MISS", "miss", "BYPASS", "EXPIRED", "pass", "pipe", "hitmiss", "hitpass"])(
    "says that %s had to come from the server behind",
    (word) => {
      expect(isCacheMiss(word)).toBe(true);
    },
  );

  it.each([
    "Hit",
    "RefreshHit",
    "OriginShieldHit",
    "REVALIDATED",
    "STALE",
    "UPDATING",
    "Error",
    "LimitExceeded",
    "synth",
  ])("does not say so of %s", (word) => {
    expect(isCacheMiss(word)).toBe(false);
  });

  it("keeps its words in small letters, as they are compared", () => {
    expect(CACHE_MISS_WORDS).toEqual(CACHE_MISS_WORDS.map((word) => word.toLowerCase()));
  });
});
