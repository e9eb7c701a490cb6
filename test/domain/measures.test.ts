import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { measureOf, wordsOf } from "../../src/domain/address-measure.ts";
import { beyondLimit } from "../../src/domain/beyond-limit.ts";
import { checkBlock, type Surroundings } from "../../src/domain/check.ts";
import { describeChange } from "../../src/domain/postmortem-actions.ts";
import { type BlockChange, digestInput } from "../../src/domain/proposal.ts";
import { risksOf } from "../../src/domain/risk.ts";
import { MINUTE_MS } from "../../src/domain/time-window.ts";
import { changeDetail, changeTitle } from "../../src/slack/views/change.ts";
import { buildPolicy } from "../support/build-policy.ts";
import { buildBreakdown, counts, row, rows } from "../support/build-scene.ts";
import { blockOf, CRAWLER } from "../support/changes.ts";
import { measureOf as changeOf } from "../support/measured-context.ts";

const LIMIT = { limit: 300, windowSecs: 300 };
/** What 300 in five minutes lets through in the hour of each window of a built breakdown. */
const AN_HOUR = 3_600;

describe("a change without a measure", () => {
  it("is a block, and has the digest that it had before there were others", () => {
    expect(measureOf(blockOf([CRAWLER]))).toBe("block");
    expect(digestInput(blockOf([CRAWLER]))).toBe(
      '{"addresses":["198.51.100.14/32"],"durationSecs":7200,"kind":"block","reason":"they flood the login","service":"web"}',
    );
  });

  it.each([["rate-limit"], ["challenge"]] as const)(
    "is another than a %s, in its digest and in every word",
    (measure) => {
      const change = changeOf(measure, [CRAWLER]);

      expect(digestInput(change)).not.toBe(digestInput(blockOf([CRAWLER])));
      expect(Object.values(wordsOf(change)).filter((word) => /block/i.test(word))).toEqual([]);
    },
  );
});

describe("what is told of a measure", () => {
  it.each([
    ["rate-limit", "rate-limit `198.51.100.14` on web for 2 h", "Rate-limit 198.51.100.14 on web for 2 h"],
    ["challenge", "challenge `198.51.100.14` on web for 2 h", "Challenge 198.51.100.14 on web for 2 h"],
  ] as const)("names it in the postmortem and on the card: %s", (measure, inPostmortem, onCard) => {
    const change = changeOf(measure, [CRAWLER]);

    expect(describeChange(change)).toBe(inPostmortem);
    expect(changeTitle(change)).toBe(onCard);
    expect(changeDetail(change)).not.toMatch(/block|Adds to/i);
  });

  it("says on the card what each address may send, and whom a challenge fails", () => {
    expect(changeDetail(changeOf("rate-limit", [CRAWLER]))).toContain(
      "Limits each address on *web* to 300 requests in 5 min",
    );
    expect(changeDetail(changeOf("challenge", [CRAWLER]))).toContain(
      "calls to APIs, forms, files and apps without JavaScript fail",
    );
  });
});

describe("the risks of a measure", () => {
  const many = Array.from({ length: 21 }, (_, index) => `198.51.100.${index}/32`);
  const predicted = {
    excessRemoved: 1,
    baselineHarmed: 0.03,
    baselineClientsHarmed: 0,
    ratioAfter: 1,
    costPerHourUsd: null,
  };

  it.each<[string, Partial<BlockChange>, typeof predicted | null, string]>([
    ["block", { addresses: many }, null, "it blocks 21 at once, over 20"],
    ["rate-limit", { addresses: many }, null, "it rate-limits 21 at once, over 20"],
    ["challenge", { addresses: many }, null, "it challenges 21 at once, over 20"],
    ["rate-limit", { durationSecs: 172_800 }, null, "it lasts 2 d, over 1 d"],
    ["challenge", {}, predicted, "it would also hit 3 % of the usual traffic, over 1 %"],
    ["rate-limit", { addresses: ["198.51.100.0/25"] }, null, "nobody has counted who else is in 198.51.100.0/25"],
    ["challenge", { addresses: ["198.51.0.0/20"] }, predicted, "198.51.0.0/20 is wider than /24"],
  ])("of a %s are those of a block: %j", (measure, given, prediction, reason) => {
    const plain = blockOf([CRAWLER]);
    const change = { ...(measure === "block" ? plain : changeOf(measure as "challenge", [CRAWLER])), ...given };

    expect(risksOf(change, prediction, buildPolicy().twoApprovers).map((risk) => risk.reason)).toContain(reason);
  });
});

describe("the replay through a limit", () => {
  const replay = (dimension: "ip" | "net", value: string, sent: number, ofIps: readonly number[] = []) => {
    const ips = ofIps.map((requests, index) => row(`198.51.100.${index}`, 0, requests));
    const breakdown = buildBreakdown({ by: { ip: rows(...ips) } });
    const all = { ...row(value, 0, sent), spike: counts(sent, { clients: dimension === "ip" ? 1 : 10 }) };
    return beyondLimit({ dimension, row: all }, "spike", { limit: LIMIT, breakdown });
  };

  it("stops of one address what is over the limit, and nothing of who is under it", () => {
    expect(replay("ip", "198.51.100.14", 12_000)).toEqual({ requests: 12_000 - AN_HOUR, clients: 1 });
    expect(replay("ip", "198.51.100.14", AN_HOUR)).toEqual({ requests: 0, clients: 0 });
  });

  it("counts each address of a network by itself, those that are listed and the rest alike", () => {
    expect(replay("net", "198.51.100.0/24", 20_000)).toEqual({ requests: 0, clients: 0 });
    expect(replay("net", "198.51.100.0/24", 20_000, [12_000])).toEqual({ requests: 12_000 - AN_HOUR, clients: 1 });
    expect(replay("net", "198.51.100.0/24", 100_000)).toEqual({ requests: 100_000 - 10 * AN_HOUR, clients: 10 });
  });

  it("stops never more than was sent, and the more the lower the limit is", () => {
    fc.assert(
      fc.property(fc.nat(200_000), fc.integer({ min: 10, max: 5_000 }), (sent, limit) => {
        const breakdown = buildBreakdown();
        const slice = { dimension: "ip", row: row("198.51.100.14", 0, sent) } as const;
        const at = (each: number) =>
          beyondLimit(slice, "spike", { limit: { limit: each, windowSecs: 300 }, breakdown }).requests;

        expect(at(limit)).toBeGreaterThanOrEqual(0);
        expect(at(limit)).toBeLessThanOrEqual(sent);
        expect(at(limit)).toBeLessThanOrEqual(at(Math.max(10, limit / 2)));
      }),
    );
  });
});

describe("the look after a limit or a challenge", () => {
  const APPLIED_MS = Date.UTC(2026, 10, 21, 14, 10);
  const look = (
    change: BlockChange,
    [before, after]: [number, number],
    [afterMins, secondsSince]: [number, number],
    around?: Surroundings,
  ) => {
    const endMs = APPLIED_MS + secondsSince * 1_000;
    const client = row("198.51.100.14", before, after);
    const breakdown = buildBreakdown({
      baselineWindow: { startMs: APPLIED_MS - 5 * MINUTE_MS, endMs: APPLIED_MS },
      spikeWindow: { startMs: endMs - afterMins * MINUTE_MS, endMs },
      baseline: counts(before + 500),
      spike: counts(after + 200),
      by: { ip: rows(client) },
    });
    return checkBlock({ change, checkedMs: endMs, breakdown, newestMs: endMs }, around);
  };

  it.each<["rate-limit" | "challenge", string, [number, number], [number, number], string]>([
    ["rate-limit", "worked where no more gets through than it lets", [12_000, 300], [2, 400], "worked"],
    ["rate-limit", "had no effect where far more does", [12_000, 4_000], [2, 400], "no-effect"],
    ["rate-limit", "cannot tell before its window is over", [12_000, 400], [1, 60], "cannot-tell"],
    ["rate-limit", "worked at once where nothing gets through", [12_000, 10], [1, 60], "worked"],
    ["challenge", "worked where most is gone, as people pass it", [12_000, 1_000], [2, 400], "worked"],
    ["challenge", "had no effect where most gets through", [12_000, 4_000], [2, 400], "no-effect"],
  ])("of a %s %s", (measure, _, requests, times, verdict) => {
    const { verdict: seen, statement } = look(changeOf(measure, [CRAWLER]), requests, times);

    expect(seen).toBe(verdict);
    expect(statement).toContain(`hat is ${wordsOf({ measure }).past} went from 2,400 to`);
    expect(statement).not.toMatch(/blocked/i);
  });

  it.each([
    ["cannot be told before the window of the limit is over", 2_000, 60, "cannot-tell"],
    ["is told once it is", 2_000, 400, "no-effect"],
    ["is told at once where the excess is gone", 10, 60, "worked"],
  ])("%s, where the usual level is known, too", (_, after, secondsSince, verdict) => {
    const around = { usualPerMin: 200, predictedRemoved: null, load: null, missing: [] };

    const seen = look(changeOf("rate-limit", [CRAWLER]), [12_000, after], [1, secondsSince], around);

    expect(seen.verdict).toBe(verdict);
  });
});
