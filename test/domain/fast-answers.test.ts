import { describe, expect, it } from "@jest/globals";
import { askedPages, goneFastAnswers, PAGE_PERCENTILES } from "../../src/domain/fast-answers.ts";
import type { LatencyPercentiles, LatencySummary } from "../../src/domain/traffic.ts";

type Tenths = readonly [fastest: number, slowest: number];

function summary(secs: Tenths, known = 1_000, unknown = 0): LatencySummary {
  return { known, unknown, secs };
}

function pages(before: Tenths, now: Tenths, known = 1_000): LatencyPercentiles {
  return {
    percentiles: PAGE_PERCENTILES,
    webSockets: { baseline: 0, spike: 0 },
    by: { total: { baseline: summary(before, known), spike: summary(now, known) } },
  };
}

describe("fast answers", () => {
  it("are gone where a cache no longer answers, however long its pages take now", () => {
    expect(goneFastAnswers(pages([0.002, 0.16], [0.045, 0.19]))).toEqual({ baselineSecs: 0.002, spikeSecs: 0.045 });
    expect(goneFastAnswers(pages([0.002, 0.16], [0.24, 1.9]))).not.toBeNull();
  });

  it.each<[string, LatencyPercentiles]>([
    ["the cache still answers beside slow servers", pages([0.002, 0.16], [0.002, 2])],
    ["there never were any", pages([0.03, 0.19], [0.35, 2.3])],
    ["everything is as many times as slow", pages([0.002, 0.16], [0.02, 1.6])],
    ["everything waits for the same thing", pages([0.002, 0.16], [1.002, 1.16])],
    ["too few pages are known", pages([0.002, 0.16], [0.045, 0.19], 99)],
    ["no durations are known", { ...pages([0, 0], [0, 0]), by: {} }],
  ])("are not gone where %s", (_name, given) => {
    expect(goneFastAnswers(given)).toBeNull();
  });
});

describe("pages that reach the servers behind", () => {
  const asked = (before: readonly [number, number], now: readonly [number, number]) =>
    askedPages({
      ...pages([0, 0], [0, 0]),
      by: { backend: { baseline: summary([0, 0], ...before), spike: summary([0, 0], ...now) } },
    });

  it("are those whose seconds behind are known", () => {
    expect(asked([400, 600], [900, 100])).toEqual({ baseline: 0.4, spike: 0.9 });
  });

  it("are not told where all or hardly any did before", () => {
    expect(asked([1_000, 0], [900, 100])).toBeNull();
    expect(asked([10, 600], [900, 100])).toBeNull();
    expect(askedPages(pages([0.1, 1], [0.1, 1]))).toBeNull();
  });
});
