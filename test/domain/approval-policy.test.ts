import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { type ApprovalPolicy, approversOf, decide, type PolicyAct } from "../../src/domain/approval-policy.ts";
import type { Prediction } from "../../src/domain/prediction.ts";
import type { Approval, BlockChange, Change, Person, ScaleChange } from "../../src/domain/proposal.ts";
import { approvalBy, brokenBy, buildPolicy } from "../support/build-policy.ts";
import { ASKING, SECOND, THIRD } from "../support/build-proposal.ts";

const HOUR_SECS = 3_600;
const ONE: BlockChange = {
  kind: "block",
  service: "web",
  addresses: ["198.51.100.14/32"],
  durationSecs: HOUR_SECS,
  reason: "it floods",
};
const FORBIDDEN: BlockChange = { ...ONE, overrides: ["never-block"] };
const SCALE: ScaleChange = {
  kind: "scale",
  service: "web",
  fromInstances: 4,
  toInstances: 14,
  durationSecs: HOUR_SECS,
  reason: "a show",
};
const HARMLESS: Prediction = {
  excessRemoved: 0.9,
  baselineHarmed: 0,
  baselineClientsHarmed: 0,
  ratioAfter: 1.1,
  costPerHourUsd: null,
};
const LONG: BlockChange = { ...ONE, durationSecs: 25 * HOUR_SECS };
const ASK: PolicyAct = { kind: "ask" };
const APPROVE: PolicyAct = { kind: "approve" };
const BREAK: PolicyAct = { kind: "break-glass", reason: "nobody else is awake" };
const GROUP = "S0ONCALL";

interface Case {
  readonly act?: PolicyAct;
  readonly by?: Person;
  readonly groups?: readonly string[];
  readonly change?: Change;
  readonly predicted?: Prediction | null;
  readonly approvals?: readonly Approval[];
  readonly policy?: Partial<ApprovalPolicy>;
}

/** "1 of 2" where it counts, and otherwise the code of why not. */
function answer({ act = APPROVE, by = SECOND, groups = [], change = ONE, predicted = null, ...rest }: Case): string {
  const decision = decide({
    act,
    by: { id: by.id, groups },
    change,
    predicted,
    requestedById: ASKING.id,
    approvals: rest.approvals ?? [],
    policy: buildPolicy(rest.policy),
  });
  return decision.allowed ? `${decision.had} of ${decision.needed}` : decision.code;
}

describe("who may ask", () => {
  it.each<[string, Case, string]>([
    ["everybody, where nobody is named", { by: ASKING }, "0 of 1"],
    ["a person who is named", { by: ASKING, policy: { requesters: [ASKING.id] } }, "0 of 1"],
    ["somebody in a group that is named", { by: ASKING, groups: [GROUP], policy: { requesters: [GROUP] } }, "0 of 1"],
    ["nobody else", { by: ASKING, policy: { requesters: [GROUP, SECOND.id] } }, "not-a-requester"],
    ["nobody against a guard, where nobody may break the glass", { change: FORBIDDEN }, "glass-closed"],
    [
      "anybody against a guard, where somebody may",
      { change: FORBIDDEN, policy: { breakGlass: [THIRD.id] } },
      "0 of 2",
    ],
  ])("%s", (_who, given, expected) => {
    expect(answer({ act: ASK, ...given })).toBe(expected);
  });
});

describe("who may approve", () => {
  it.each<[string, Case, string]>([
    ["everybody else, where nobody is named", {}, "1 of 1"],
    ["not whoever asked", { by: ASKING }, "own-request"],
    ["whoever asked, where that is configured", { by: ASKING, policy: { allowSelfApproval: true } }, "1 of 1"],
    ["a person who is named", { policy: { approvers: [SECOND.id] } }, "1 of 1"],
    ["somebody in a group that is named", { groups: [GROUP], policy: { approvers: [GROUP] } }, "1 of 1"],
    ["not somebody in another group", { groups: ["S0OTHER"], policy: { approvers: [GROUP] } }, "not-an-approver"],
    ["not somebody who is not named", { policy: { approvers: [THIRD.id] } }, "not-an-approver"],
    ["not whoever asked, though named", { by: ASKING, policy: { approvers: [ASKING.id] } }, "own-request"],
    [
      "not whoever asked, allowed but not named",
      { by: ASKING, policy: { approvers: [SECOND.id], allowSelfApproval: true } },
      "not-an-approver",
    ],
    ["the first of two", { change: LONG }, "1 of 2"],
    ["the second of two", { change: LONG, approvals: [approvalBy(THIRD)] }, "2 of 2"],
    ["not the same person twice", { change: LONG, approvals: [approvalBy(SECOND)] }, "approved-by-you"],
    [
      "not without the glass, against a guard",
      { change: FORBIDDEN, policy: { breakGlass: [SECOND.id] } },
      "glass-needed",
    ],
  ])("%s", (_who, given, expected) => {
    expect(answer(given)).toBe(expected);
  });
});

describe("breaking the glass", () => {
  const SOME: Partial<ApprovalPolicy> = { breakGlass: [ASKING.id, GROUP] };

  it.each<[string, Case, string]>([
    ["is for nobody, where nobody is named", {}, "glass-closed"],
    ["is not for those who are not named", { policy: SOME }, "glass-not-yours"],
    ["lets whoever asked approve alone", { by: ASKING, policy: SOME }, "1 of 1"],
    [
      "lets somebody of a group approve who is no approver",
      { groups: [GROUP], policy: { ...SOME, approvers: [THIRD.id] } },
      "1 of 1",
    ],
    ["lets one do what takes two", { by: ASKING, change: LONG, policy: SOME }, "1 of 1"],
    [
      "lets the first of two do without the second",
      { by: ASKING, change: LONG, approvals: [approvalBy(ASKING)], policy: SOME },
      "1 of 1",
    ],
    ["needs a reason", { act: { kind: "break-glass", reason: " " }, by: ASKING, policy: SOME }, "glass-reason-missing"],
    ["takes two against a guard", { by: ASKING, change: FORBIDDEN, policy: SOME }, "1 of 2"],
    [
      "takes two different people against a guard",
      { by: ASKING, change: FORBIDDEN, approvals: [brokenBy(ASKING)], policy: SOME },
      "approved-by-you",
    ],
    [
      "is done by the second, against a guard",
      { groups: [GROUP], change: FORBIDDEN, approvals: [brokenBy(ASKING)], policy: SOME },
      "2 of 2",
    ],
    [
      "does not count approvals without it, against a guard",
      { by: ASKING, change: FORBIDDEN, approvals: [approvalBy(THIRD)], policy: SOME },
      "1 of 2",
    ],
  ])("%s", (_what, given, expected) => {
    expect(answer({ act: BREAK, ...given })).toBe(expected);
  });
});

describe("how many approve", () => {
  const many = Array.from({ length: 21 }, (_, index) => `198.51.100.${index}/32`);

  it.each<[string, Case, 1 | 2]>([
    ["one address for an hour", {}, 1],
    ["one address for a day", { change: { ...ONE, durationSecs: 24 * HOUR_SECS } }, 1],
    ["one address for longer", { change: { ...ONE, durationSecs: 24 * HOUR_SECS + 1 } }, 2],
    ["20 addresses", { change: { ...ONE, addresses: many.slice(1) } }, 1],
    ["21 addresses", { change: { ...ONE, addresses: many } }, 2],
    ["a /24 that was measured", { change: { ...ONE, addresses: ["198.51.100.0/24"] }, predicted: HARMLESS }, 1],
    ["a /23 that was measured", { change: { ...ONE, addresses: ["198.51.100.0/23"] }, predicted: HARMLESS }, 2],
    ["a /48 that was measured", { change: { ...ONE, addresses: ["2001:db8::/48"] }, predicted: HARMLESS }, 1],
    ["a /47 that was measured", { change: { ...ONE, addresses: ["2001:db8::/47"] }, predicted: HARMLESS }, 2],
    ["two neighbours, which are a /31", { change: { ...ONE, addresses: ["198.51.100.0/31"] } }, 1],
    [
      "21 neighbours, in networks",
      { change: { ...ONE, addresses: ["198.51.100.0/28", "198.51.100.16/30", "198.51.100.20/32"] } },
      2,
    ],
    ["a /28 that nobody has measured", { change: { ...ONE, addresses: ["198.51.100.0/28"] } }, 1],
    ["a /27 that nobody has measured", { change: { ...ONE, addresses: ["198.51.100.0/27"] } }, 2],
    ["a /64 that nobody has measured", { change: { ...ONE, addresses: ["2001:db8::/64"] } }, 2],
    [
      "a /27 that nobody has measured, where that is no risk",
      {
        change: { ...ONE, addresses: ["198.51.100.0/27"] },
        policy: { twoApprovers: { ...buildPolicy().twoApprovers, unmeasuredNetworks: false } },
      },
      1,
    ],
    ["1 % of the usual requests", { predicted: { ...HARMLESS, baselineHarmed: 0.01 } }, 1],
    ["more of the usual requests", { predicted: { ...HARMLESS, baselineHarmed: 0.0101 } }, 2],
    ["more of the usual clients", { predicted: { ...HARMLESS, baselineClientsHarmed: 0.02 } }, 2],
    ["10 instances more", { change: SCALE }, 1],
    ["11 instances more", { change: { ...SCALE, toInstances: 15 } }, 2],
    ["instances for longer than a day", { change: { ...SCALE, durationSecs: 25 * HOUR_SECS } }, 2],
    ["what guards refuse", { change: FORBIDDEN, policy: { breakGlass: [THIRD.id] } }, 2],
  ])("%s", (_what, given, needed) => {
    expect(answer({ act: ASK, by: ASKING, ...given })).toBe(`0 of ${needed}`);
  });
});

describe("the policy, whatever is configured", () => {
  const PEOPLE = [ASKING, SECOND, THIRD];
  const list = fc.subarray([...PEOPLE.map(({ id }) => id), GROUP]);
  const person = fc.constantFrom(...PEOPLE);
  const cases = fc.record({
    act: fc.constantFrom(APPROVE, BREAK),
    by: fc.record({ id: person.map(({ id }) => id), groups: fc.subarray([GROUP]) }),
    change: fc.constantFrom<Change>(ONE, LONG, FORBIDDEN, SCALE),
    predicted: fc.constantFrom(null, HARMLESS),
    requestedById: fc.constant(ASKING.id),
    approvals: fc.subarray([...PEOPLE.map(approvalBy), ...PEOPLE.map(brokenBy)]),
    policy: fc
      .record({ requesters: list, approvers: list, breakGlass: list, allowSelfApproval: fc.boolean() })
      .map(buildPolicy),
  });

  it("never takes one person for two, nor lets anybody alone override a guard", () => {
    fc.assert(
      fc.property(cases, (given) => {
        const decision = decide(given);
        if (!decision.allowed) return;

        const others = approversOf(given.change, given.approvals).filter(({ id }) => id !== given.by.id);
        expect(decision.had).toBe(others.length + 1);
        if (given.change === FORBIDDEN) expect(decision.needed).toBe(2);
      }),
    );
  });

  it("lets nobody approve their own request without that being configured, or a broken glass", () => {
    fc.assert(
      fc.property(cases, (given) => {
        const { act, policy } = given;
        fc.pre(given.by.id === ASKING.id && act.kind === "approve" && !policy.allowSelfApproval);

        expect(decide(given).allowed).toBe(false);
      }),
    );
  });

  it("breaks no glass for whom the configuration does not name", () => {
    fc.assert(
      fc.property(cases, ({ policy, ...given }) => {
        const isNamed = [given.by.id, ...given.by.groups].some((id) => policy.breakGlass.includes(id));
        fc.pre(!isNamed);

        expect(decide({ ...given, policy, act: BREAK }).allowed).toBe(false);
      }),
    );
  });
});
