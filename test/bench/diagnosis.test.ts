import { describe, expect, it } from "@jest/globals";
import { type CaseScore, scoreCase } from "../../bench/diagnosis/score-case.ts";
import { summarise } from "../../bench/diagnosis/summary.ts";
import type { Cause, Finding } from "../../src/domain/finding.ts";
import { createIncident } from "../../src/sandbox/incidents/create-incident.ts";

const incident = createIncident({ seed: 41, kinds: ["scanner"], format: "nginx-combined", ordinaryLines: 2_000 });
const [truth] = incident.truth.causes;

function causeOf(kind: Cause["kind"], slice: Cause["slice"], score = 0.9): Cause {
  return { kind, slice, score, excessShare: 1, evidence: [], rivals: [] };
}

function scoreOf(causes: readonly [Cause, ...Cause[]], finding: Partial<Finding> = {}): CaseScore {
  const whole: Finding = {
    service: "site",
    onset: null,
    verdict: "",
    moved: [],
    unmoved: [],
    suggestions: [],
    ...finding,
    causes,
  };
  return scoreCase({ seed: 41, incident, finding: whole, readMs: 1, analyseMs: 2 }) as CaseScore;
}

describe("the diagnosis benchmark", () => {
  it("takes an address for a right suspect where most of its requests are a guilty cause's", () => {
    const right = truth?.guiltyAddresses.map((ip) => causeOf("scanner", { ip })) ?? [];
    const wrong = causeOf("scanner", { ip: incident.truth.seen.find(({ cause }) => cause === null)?.address ?? "" });

    const { suspects } = scoreOf([wrong, ...right]);

    expect(suspects).toMatchObject({ named: right.length + 1, right: right.length });
    expect(suspects.covered).toBe(suspects.guiltyRequests);
  });

  it("leaves out suspects that the product would not act on", () => {
    const ip = truth?.guiltyAddresses[0] ?? "";

    expect(scoreOf([causeOf("scanner", { ip }, 0.4)]).suspects.named).toBe(0);
  });

  it("replays a block over the labelled requests", () => {
    const predicted = {
      excessRemoved: 0.8,
      baselineHarmed: 0,
      baselineClientsHarmed: 0,
      ratioAfter: 1,
      costPerHourUsd: null,
    };
    const addresses = truth?.guiltyAddresses.map((address) => `${address}/32`) ?? [];
    const change = { kind: "block", service: "site", addresses, durationSecs: 60, reason: "" } as const;

    const { effects } = scoreOf([causeOf("scanner", {})], { suggestions: [{ change, predicted, because: "" }] });

    expect(effects).toEqual([{ predicted: 0.8, actual: 1 }]);
  });

  it("measures the onset in minutes, after the true one as more than nothing", () => {
    const onsetMs = (truth?.onsetMs ?? 0) + 90_000;
    const onset = { onsetMs, lowMs: onsetMs, highMs: onsetMs, endMs: null, ratio: 2 };

    expect(scoreOf([causeOf("scanner", {})], { onset }).onsetErrorMins).toBe(1.5);
  });

  it("adds single verdicts up", () => {
    const right = scoreOf([causeOf("scanner", {}, 0.9)]);
    const wrong = scoreOf([causeOf("heavy-client", {}, 0.7)]);

    const summary = summarise([right, right, right, wrong]);

    expect(summary.primaryRight).toBe(0.75);
    expect(summary.confusion.get("scanner")).toEqual(
      new Map([
        ["scanner", 3],
        ["heavy-client", 1],
      ]),
    );
    expect(summary.brier).toBeCloseTo((3 * 0.01 + 0.49) / 4, 10);
    expect(summary.calibration.at(-1)).toMatchObject({ cases: 3, right: 3 });
    expect(summary.suspects).toMatchObject({ named: 0, precision: null, recall: 0 });
  });
});
