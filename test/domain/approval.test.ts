import { describe, expect, it } from "@jest/globals";
import {
  approverNames,
  decideApproval,
  decideExtension,
  decideRefusal,
  decideWithdrawal,
} from "../../src/domain/approval.ts";
import { PROPOSAL_STATES, type ProposalState } from "../../src/domain/proposal.ts";
import { approvalBy, brokenBy, buildPolicy } from "../support/build-policy.ts";
import { ASKING, BUILT_AT_MS, buildProposal, SECOND, THIRD } from "../support/build-proposal.ts";

const OPEN = buildPolicy();
const UNDER_WAY =
  "Robin approved this already at 2026-11-21 14:05 UTC, and it is being carried out; it is done once only.";
const SOON_MS = BUILT_AT_MS + 60_000;

function decided(state: ProposalState) {
  return buildProposal({ state, decidedBy: SECOND, decidedMs: BUILT_AT_MS });
}

describe("decideApproval", () => {
  it.each([
    ["somebody else", SECOND, OPEN, true],
    ["the requester", ASKING, OPEN, "own-request"],
    ["the requester, where that is configured", ASKING, { ...OPEN, allowSelfApproval: true }, true],
    ["a listed approver", SECOND, { ...OPEN, approvers: [SECOND.id] }, true],
    ["somebody not listed", SECOND, { ...OPEN, approvers: ["U0OTHER"] }, "not-an-approver"],
    ["the requester, listed", ASKING, { ...OPEN, approvers: [ASKING.id] }, "own-request"],
    ["the requester, listed and allowed", ASKING, { ...OPEN, approvers: [ASKING.id], allowSelfApproval: true }, true],
    [
      "the requester, allowed but not listed",
      ASKING,
      { ...OPEN, approvers: [SECOND.id], allowSelfApproval: true },
      "not-an-approver",
    ],
  ])("answers %s", (_who, approver, policy, expected) => {
    const decision = decideApproval({ proposal: buildProposal(), approver, policy, nowMs: SOON_MS });

    expect(decision.allowed ? true : decision.code).toBe(expected);
  });

  it.each([
    ["approved", "already-approved", UNDER_WAY],
    ["executing", "already-approved", UNDER_WAY],
    ["done", "already-approved", "Robin approved this already at 2026-11-21 14:05 UTC; it is done once only."],
    [
      "failed",
      "already-approved",
      "Robin approved this already at 2026-11-21 14:05 UTC, but it was not carried out; ask for it again.",
    ],
    ["refused", "already-refused", "Robin refused this at 2026-11-21 14:05 UTC."],
    ["withdrawn", "already-withdrawn", "Robin withdrew this at 2026-11-21 14:05 UTC."],
  ] as const)("says who decided once it is %s", (state, code, reason) => {
    const request = { proposal: decided(state), approver: SECOND, policy: OPEN, nowMs: SOON_MS };

    expect(decideApproval(request)).toEqual({ allowed: false, code, reason });
    expect(decideRefusal({ ...request, by: SECOND })).toEqual({ allowed: false, code, reason });
  });

  it("holds until the last millisecond and not a moment longer", () => {
    const proposal = buildProposal();
    const ask = (nowMs: number) => decideApproval({ proposal, approver: SECOND, policy: OPEN, nowMs });

    expect(ask(proposal.expiresMs)).toEqual({ allowed: true, needed: 1, had: 1 });
    expect(ask(proposal.expiresMs + 300_000)).toEqual({
      allowed: false,
      code: "offer-expired",
      reason: "This offer expired at 2026-11-21 14:35 UTC, 5 min ago; ask for it again, and it is checked anew.",
    });
  });

  it("refuses an approval of another content than was offered", () => {
    const request = { proposal: buildProposal(), approver: SECOND, policy: OPEN, nowMs: SOON_MS };

    expect(decideApproval({ ...request, digest: "5f2a" })).toMatchObject({ allowed: true });
    expect(decideApproval({ ...request, digest: "ffff" })).toMatchObject({ allowed: false, code: "content-changed" });
  });

  it("allows nothing in any state but pending", () => {
    for (const state of PROPOSAL_STATES) {
      const request = { proposal: decided(state), approver: SECOND, policy: OPEN, nowMs: SOON_MS };
      expect(decideApproval(request).allowed).toBe(state === "pending");
      expect(decideRefusal({ ...request, by: ASKING }).allowed).toBe(state === "pending");
    }
  });
});

describe("decideRefusal", () => {
  it("lets anybody refuse, and makes it a withdrawal where the requester does", () => {
    const proposal = buildProposal();

    expect(decideRefusal({ proposal, by: SECOND, nowMs: SOON_MS })).toEqual({ allowed: true, to: "refused" });
    expect(decideRefusal({ proposal, by: ASKING, nowMs: SOON_MS })).toEqual({ allowed: true, to: "withdrawn" });
  });
});

describe("decideWithdrawal", () => {
  it("lets whoever asked take it back, and nobody else", () => {
    const proposal = buildProposal();

    expect(decideWithdrawal({ proposal, by: ASKING, nowMs: SOON_MS })).toEqual({ allowed: true });
    expect(decideWithdrawal({ proposal, by: SECOND, nowMs: SOON_MS })).toEqual({
      allowed: false,
      code: "not-the-requester",
      reason: "Only Dana, who asked for it, can withdraw it; you can refuse it.",
    });
    expect(decideWithdrawal({ proposal: decided("done"), by: ASKING, nowMs: SOON_MS })).toMatchObject({
      code: "already-approved",
    });
  });
});

describe("decideExtension", () => {
  const HOUR = 3_600;
  const one = buildProposal({ state: "done", approvals: [approvalBy(SECOND)] });

  it.each([
    ["the approver within a day", SECOND, 24 * HOUR, true],
    ["another approver within a day", THIRD, 24 * HOUR, true],
    ["whoever asked", ASKING, 24 * HOUR, "own-request"],
    ["the only approver, over a day", SECOND, 24 * HOUR + 1, "second-needed"],
    ["another one over a day, who then is the second", THIRD, 24 * HOUR + 1, true],
  ])("answers %s", (_who, by, totalSecs, expected) => {
    const decision = decideExtension({ proposal: one, by, policy: OPEN, totalSecs });

    expect(decision.allowed ? true : decision.code).toBe(expected);
  });
});

describe("approverNames", () => {
  it.each([
    ["both", { approvals: [approvalBy(SECOND), approvalBy(THIRD)] }, "Robin and Kim"],
    ["once whoever approved and then broke the glass", { approvals: [approvalBy(SECOND), brokenBy(SECOND)] }, "Robin"],
    ["whoever decided, where no approvals are kept", { decidedBy: THIRD }, "Kim"],
    ["somebody, where nothing is kept", {}, "Somebody"],
  ])("gives %s", (_what, given, names) => {
    expect(approverNames(buildProposal(given))).toBe(names);
  });
});
