import { describe, expect, it } from "@jest/globals";
import { type ApprovalPolicy, decideApproval, decideRefusal } from "../../src/domain/approval.ts";
import { PROPOSAL_STATES, type ProposalState } from "../../src/domain/proposal.ts";
import { ASKING, BUILT_AT_MS, buildProposal, SECOND } from "../support/build-proposal.ts";

const OPEN: ApprovalPolicy = { approvers: [], allowSelfApproval: false };
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
    ["the requester, listed and allowed", ASKING, { approvers: [ASKING.id], allowSelfApproval: true }, true],
    [
      "the requester, allowed but not listed",
      ASKING,
      { approvers: [SECOND.id], allowSelfApproval: true },
      "not-an-approver",
    ],
  ])("answers %s", (_who, approver, policy, expected) => {
    const decision = decideApproval({ proposal: buildProposal(), approver, policy, nowMs: SOON_MS });

    expect(decision.allowed ? true : decision.code).toBe(expected);
  });

  it.each([
    ["approved", "already-approved", "Robin approved this already at 2026-11-21 14:05 UTC; it is done once only."],
    ["executing", "already-approved", "Robin approved this already at 2026-11-21 14:05 UTC; it is done once only."],
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

    expect(ask(proposal.expiresMs)).toEqual({ allowed: true });
    expect(ask(proposal.expiresMs + 300_000)).toEqual({
      allowed: false,
      code: "offer-expired",
      reason: "This offer expired at 2026-11-21 14:35 UTC, 5 min ago; ask for it again, and it is checked anew.",
    });
  });

  it("refuses an approval of another content than was offered", () => {
    const request = { proposal: buildProposal(), approver: SECOND, policy: OPEN, nowMs: SOON_MS };

    expect(decideApproval({ ...request, digest: "5f2a" })).toEqual({ allowed: true });
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
