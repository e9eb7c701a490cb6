import { describe, expect, it } from "@jest/globals";
import { checkBlock, checkBlockByMetrics, checkScale, type Surroundings } from "../../src/domain/check.ts";
import type { BlockChange, ScaleChange } from "../../src/domain/proposal.ts";
import { MINUTE_MS, SECOND_MS } from "../../src/domain/time-window.ts";
import type { Breakdown, SliceRow, TrafficCounts } from "../../src/domain/traffic.ts";

const APPLIED_MS = Date.UTC(2026, 10, 21, 14, 10);

const change: BlockChange = {
  kind: "block",
  service: "web",
  addresses: ["198.51.100.14/32", "203.0.113.0/24"],
  durationSecs: 3_600,
  reason: "crawler",
};

function counts(requests: number): TrafficCounts {
  return { requests, bytes: 0, errors: 0, clients: 1, backendSecs: null, cacheMisses: null };
}

function row(value: string, before: number, after: number): SliceRow {
  return { value, baseline: counts(before), spike: counts(after), firstSeenMs: APPLIED_MS };
}

function lookAfter(afterMs: number, rows: readonly SliceRow[]): Parameters<typeof checkBlock>[0] {
  const total = (of: (row: SliceRow) => TrafficCounts) =>
    counts(rows.reduce((sum, each) => sum + of(each).requests, 0));
  const breakdown: Breakdown = {
    baselineWindow: { startMs: APPLIED_MS - 5 * MINUTE_MS, endMs: APPLIED_MS },
    spikeWindow: { startMs: APPLIED_MS, endMs: APPLIED_MS + afterMs },
    baseline: total((each) => each.baseline),
    spike: total((each) => each.spike),
    by: { ip: { rows, distinct: rows.length, unknown: { baselineRequests: 0, spikeRequests: 0 } } },
  };
  const newestMs = APPLIED_MS + afterMs;
  return { change, checkedMs: newestMs, breakdown, newestMs };
}

describe("the look after a block", () => {
  it("says that it worked when nothing of what was blocked gets through", () => {
    const check = checkBlock(
      lookAfter(MINUTE_MS, [
        row("198.51.100.14", 9_000, 0),
        row("203.0.113.9", 1_000, 0),
        row("192.0.2.1", 1_500, 300),
      ]),
    );

    expect(check.verdict).toBe("worked");
    expect(check.statement).toBe(
      "Worked. What was blocked went from 2,000 to 0 requests a minute that get through; " +
        "web went from 2,300 to 300 requests a minute that get through.",
    );
    expect([check.beforePerMin, check.afterPerMin]).toEqual([2_300, 300]);
  });

  it("says that it had no effect when the addresses still get through", () => {
    const check = checkBlock(lookAfter(MINUTE_MS, [row("198.51.100.14", 9_000, 1_700)]));

    expect(check.verdict).toBe("no-effect");
    expect(check.statement).toContain("from 1,800 to 1,700");
  });

  it("cannot tell while the log does not reach past the action", () => {
    const look = lookAfter(0, [row("198.51.100.14", 9_000, 0)]);
    const check = checkBlock({ ...look, checkedMs: APPLIED_MS + 9 * SECOND_MS });

    expect(check.verdict).toBe("cannot-tell");
    expect(check.statement).toBe(
      "Cannot tell yet: the log does not reach past the action; its newest record is 9 s old.",
    );
  });

  it("cannot tell from the first seconds after the action", () => {
    const check = checkBlock(lookAfter(2 * SECOND_MS, [row("198.51.100.14", 9_000, 0)]));

    expect(check.verdict).toBe("cannot-tell");
    expect(check.statement).toBe("Cannot tell yet: the log holds only the first 2 s after the action.");
  });

  it("cannot tell when what was blocked was silent before", () => {
    const look = { ...lookAfter(MINUTE_MS, [row("192.0.2.1", 500, 100)]), statuses: [404, 429] };

    expect(checkBlock(look)).toMatchObject({
      verdict: "cannot-tell",
      statement: expect.stringMatching(
        /^Cannot tell: what was blocked sent nothing that was not answered 404 or 429, as /,
      ),
    });
  });

  it("says so when the service has no log", () => {
    const check = checkBlock({ change, checkedMs: APPLIED_MS, breakdown: null, newestMs: null });

    expect(check.verdict).toBe("cannot-tell");
    expect(check.statement).toBe("web has no log to look at; not checked.");
  });
});

describe("the look after a scale-out", () => {
  const scale: ScaleChange = {
    kind: "scale",
    service: "web",
    fromInstances: 2,
    toInstances: 4,
    durationSecs: 3_600,
    reason: "crowd",
  };

  it.each([
    [4, "worked"],
    [5, "worked"],
    [3, "cannot-tell"],
  ] as const)("with %i of 4 instances in service it says %s", (running, verdict) => {
    const capacity = { min: 4, max: 8, desired: 4, running };

    expect(checkScale({ change: scale, capacity, checkedMs: APPLIED_MS }).verdict).toBe(verdict);
  });
});

describe("the look after a block, with the usual level known", () => {
  const usual: Surroundings = { usualPerMin: 300, predictedRemoved: 0.847, load: null, missing: [] };
  const crawler = (after: number) => row("198.51.100.14", 9_000, after);

  it("says how much of the excess went, and how much should have", () => {
    const check = checkBlock(lookAfter(MINUTE_MS, [crawler(0), row("192.0.2.1", 1_500, 600)]), usual);

    expect(check.verdict).toBe("worked");
    expect(check.statement).toMatch(/^Worked: excess down 83\.3 % \(predicted 84\.7 %\)\. What was blocked went /);
  });

  it("says that it had no effect where others came in the place of what was blocked", () => {
    const check = checkBlock(lookAfter(MINUTE_MS, [crawler(0), row("192.0.2.1", 1_500, 2_000)]), usual);

    expect(check.verdict).toBe("no-effect");
    expect(check.statement).toMatch(
      /^Blocked, but without the effect that was hoped for: excess down 5\.6 % \(predicted 84\.7 %\); something else/,
    );
  });

  it("says that it had no effect where the addresses still get through, even if the excess went", () => {
    const check = checkBlock(lookAfter(MINUTE_MS, [crawler(300)]), { ...usual, predictedRemoved: null });

    expect(check.verdict).toBe("no-effect");
    expect(check.statement).toMatch(/^Not effective: excess down 100 %\. /);
  });

  it("says what the firewall lost, and how the service is", () => {
    const around = { ...usual, missing: ["198.51.100.14/32"], load: "By the metrics, all is well." };

    const { statement } = checkBlock(lookAfter(MINUTE_MS, [crawler(0)]), around);

    expect(statement).toMatch(/The firewall does not hold 198\.51\.100\.14 any more\. By the metrics, all is well\.$/);
  });
});

describe("the look after a block, without a log", () => {
  const known: Surroundings = { usualPerMin: 300, predictedRemoved: 0.8, load: null, missing: [] };
  const unknown: Surroundings = { ...known, usualPerMin: null };
  const rates = (beforePerMin: number, afterPerMin: number) => ({ beforePerMin, afterPerMin });

  it.each([
    ["the excess went", rates(2_000, 400), null, known, "worked", /^Worked: excess down 94\.1 % \(predicted 80 %\)/],
    ["the excess is there", rates(2_000, 1_900), rates(0, 0), known, "no-effect", /^Not effective: excess down 5\.9 %/],
    ["others came", rates(2_000, 1_900), rates(0, 900), known, "no-effect", /^Blocked, but without the effect/],
    [
      "it stops more than before",
      rates(2_000, 1_100),
      rates(10, 900),
      unknown,
      "worked",
      /^Worked\. web went from 2,000/,
    ],
    ["it stops no more", rates(2_000, 1_100), rates(10, 10), unknown, "no-effect", /^Not effective\./],
    ["nothing is known", rates(2_000, 1_100), null, unknown, "cannot-tell", /^Cannot tell: neither/],
    ["there was no excess", rates(310, 300), null, known, "cannot-tell", /^Cannot tell: neither/],
  ] as const)("where %s is judged by the metrics", (_, requests, blocked, around, verdict, statement) => {
    const check = checkBlockByMetrics({ change, checkedMs: APPLIED_MS, knownMs: 0, requests, blocked }, around);

    expect(check).toMatchObject({ verdict, statement: expect.stringMatching(statement) });
  });

  it.each([
    ["waits for the limit's window", 299, rates(2_000, 1_900), known, "cannot-tell"],
    [
      "waits, though the firewall stops more, where the usual level is not known",
      299,
      rates(0, 900),
      unknown,
      "cannot-tell",
    ],
    ["tells at once that the excess went", 60, rates(2_000, 400), known, "worked"],
    ["judges once the window is over", 300, rates(2_000, 1_900), known, "no-effect"],
  ] as const)("%s", (_, knownSecs, requests, around, verdict) => {
    const limited = { ...change, measure: "rate-limit", rateLimit: { limit: 300, windowSecs: 300 } } as const;
    const look = { change: limited, checkedMs: APPLIED_MS, knownMs: knownSecs * SECOND_MS };

    const check = checkBlockByMetrics({ ...look, requests, blocked: rates(0, 900) }, around);

    expect(check.verdict).toBe(verdict);
    if (verdict !== "cannot-tell") return;
    expect(check.statement).toMatch(
      /^Cannot tell yet: the limit counts over a window that is not over\. web went from/,
    );
  });
});
