import { describe, expect, it } from "@jest/globals";
import { scaleCost } from "../../src/domain/scale-cost.ts";
import { type ScaleFacts, scaleNotes, startNote } from "../../src/domain/scale-notes.ts";
import { scaleEndMs, startsLater } from "../../src/domain/scale-span.ts";
import { buildFinding } from "../support/build-finding.ts";
import { blockOf, CRAWLER, SCALE_OUT } from "../support/changes.ts";

const START_MS = Date.UTC(2026, 10, 21, 19);
const FACTS: ScaleFacts = {
  capacity: { min: 2, max: 10, desired: 4, running: 3, pending: 1 },
  instanceHourUsd: 0.0416,
  priceSource: "t3.medium in eu-central-1, November 2026",
  bootSecs: 180,
  warmupSecs: 60,
  finding: null,
};

describe("what is told before a scale-out", () => {
  it("is what there is, what it costs by which price, and when it helps", () => {
    expect(scaleNotes(SCALE_OUT, FACTS)).toEqual([
      "Now 4 are desired (3 in service, 1 starting), with a minimum of 2 and a maximum of 10.",
      "Costs $0.0832 an hour and $0.1248 in all: 2 more for 1 h 30 min at $0.0416 each (price of spillway.yaml: t3.medium in eu-central-1, November 2026).",
      "New ones help 4 min after they are asked for; what queues or is lost until then they do not bring back.",
    ]);
  });

  it("says when to begin for those who want them at a time", () => {
    const [, , lag] = scaleNotes({ ...SCALE_OUT, startMs: START_MS }, FACTS);

    expect(lag).toBe(
      "New ones help 4 min after they are asked for, so from 19:04 UTC on; to have them at 19:00 UTC, ask for 18:56 UTC.",
    );
  });

  it("asks nobody to begin by less than a minute before", () => {
    const facts = { ...FACTS, bootSecs: 10, warmupSecs: null };

    const [, , lag] = scaleNotes({ ...SCALE_OUT, startMs: START_MS }, facts);

    expect(lag).toBe("New ones help 10 s after they are asked for, so from 19:00 UTC on.");
  });

  it("says what is not known", () => {
    const unknown = { ...FACTS, instanceHourUsd: null, bootSecs: null, warmupSecs: null };

    const [, cost, lag] = scaleNotes(SCALE_OUT, unknown);

    expect(cost).toContain("What it costs is not known");
    expect(lag).toContain("When new ones begin to help is not known");
  });

  it("doubts it where the last finding is nothing that more instances help against", () => {
    const finding = buildFinding();
    const [cause] = finding.causes;
    const slow = {
      ...finding,
      causes: [{ ...cause, kind: "slow-backend", score: 0.8 }] as const,
      suggestions: [],
      advice: [{ kind: "fix", slice: {}, predicted: null, because: "Do not scale out." }] as const,
    };

    expect(scaleNotes(SCALE_OUT, { ...FACTS, finding: slow }).at(-1)).toBe(
      "It may not help: the last finding is slow-backend. Do not scale out.",
    );
  });

  it("names the block that would do more", () => {
    const finding = buildFinding();

    expect(scaleNotes(SCALE_OUT, { ...FACTS, finding }).at(-1)).toMatch(
      /^The last finding offers a block that would take away \d/,
    );
  });

  it("names no block that is in force already, and one of what is only limited", () => {
    const finding = buildFinding();
    const [block] = finding.suggestions.flatMap(({ change }) => (change.kind === "block" ? [change] : []));

    const standing = (block?.addresses ?? []).map((address) => ({ address }));
    const limited = standing.map(({ address }) => ({ address, measure: "rate-limit" as const }));

    expect(scaleNotes(SCALE_OUT, { ...FACTS, finding, standing }).join(" ")).not.toContain("offers a block");
    expect(scaleNotes(SCALE_OUT, { ...FACTS, finding, standing: limited }).join(" ")).toContain("offers a block");
  });
});

describe("the beginning of a scale-out", () => {
  it.each([
    [null, false, "Europe/Berlin", "Begins at 2026-11-21 19:00 UTC (2026-11-21 20:00 Europe/Berlin)."],
    [null, true, "UTC", "Begins at 2026-11-21 19:00 UTC, not today, as that time has passed."],
    ["gap", false, "UTC", /Clocks are put forward over the time/],
    ["overlap", false, "UTC", /comes twice; this is the first\./],
  ] as const)("with %s, on a later day %s, in %s reads well", (shift, isLaterDay, zone, text) => {
    const note = startNote({ atMs: START_MS, shift, isLaterDay }, zone);

    if (typeof text === "string") expect(note).toBe(text);
    else expect(note).toMatch(text);
  });

  it("is what its end counts from, however late it is applied", () => {
    const planned = { ...SCALE_OUT, startMs: START_MS };

    expect(scaleEndMs(planned, START_MS + 60_000)).toBe(START_MS + 5_400_000);
    expect(scaleEndMs(SCALE_OUT, 1_000)).toBe(5_401_000);
    expect(startsLater(planned, START_MS - 1)).toBe(true);
    expect(startsLater(planned, START_MS)).toBe(false);
    expect(startsLater(SCALE_OUT, 0)).toBe(false);
    expect(startsLater(blockOf([CRAWLER]), 0)).toBe(false);
  });
});

it("costs grow with instances and time", () => {
  expect(scaleCost({ more: 4, durationSecs: 5_400, instanceHourUsd: 0.1 })).toEqual({ perHourUsd: 0.4, totalUsd: 0.6 });
  expect(scaleCost({ more: 1, durationSecs: 0, instanceHourUsd: 0.1 })).toEqual({ perHourUsd: 0.1, totalUsd: 0 });
});
