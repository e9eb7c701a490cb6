import type { Prediction } from "./prediction.ts";
import type { Approval, Change } from "./proposal.ts";
import { type RiskLimits, risksOf } from "./risk.ts";

/** Who may do what; from the configuration. The lists hold ids of people (U…, W…) and of their user groups (S…). */
export interface ApprovalPolicy {
  /** Who may ask for a change; empty for everybody in the channel. */
  readonly requesters: readonly string[];
  /** Who may approve one; empty for everybody in the channel. */
  readonly approvers: readonly string[];
  /** Who may, with a reason, do alone what takes another person; empty for nobody. */
  readonly breakGlass: readonly string[];
  readonly allowSelfApproval: boolean;
  readonly twoApprovers: RiskLimits;
}

/** Somebody, and which of the user groups that the policy names they are in. */
export interface Standing {
  readonly id: string;
  readonly groups?: readonly string[];
}

export type PolicyAct =
  | { readonly kind: "ask" }
  | { readonly kind: "approve" }
  | { readonly kind: "break-glass"; readonly reason: string };

/** Why the policy says no; static labels that never change. */
export type PolicyCode =
  | "not-a-requester"
  | "not-an-approver"
  | "own-request"
  | "approved-by-you"
  | "glass-needed"
  | "glass-closed"
  | "glass-not-yours"
  | "glass-reason-missing";

export type PolicyDecision =
  | {
      readonly allowed: true;
      /** Different people who have to approve. */
      readonly needed: 1 | 2;
      /** Of them, those who have, with this act where it is an approval. */
      readonly had: number;
    }
  | { readonly allowed: false; readonly code: PolicyCode; readonly reason: string };

/**
 * Decides whether somebody may ask for a change, approve it, or break the glass for it.
 *
 * One person approves, who did not ask; two where the change is a risk. Breaking the glass with a reason lets one
 * person do what takes another. What goes against a guard takes two who break the glass, and nothing less; whoever
 * asked may be one of them.
 *
 * @param request.approvals those that the offer has already
 */
export function decide(request: {
  readonly act: PolicyAct;
  readonly by: Standing;
  readonly change: Change;
  readonly predicted: Prediction | null;
  readonly requestedById: string;
  readonly approvals: readonly Approval[];
  readonly policy: ApprovalPolicy;
}): PolicyDecision {
  const { act, policy, change } = request;
  const refused = objectionTo(request);
  if (refused !== null) return refused;
  const isBroken = act.kind === "break-glass" && !isAgainstGuards(change);
  const needed = isBroken ? 1 : approversNeeded(change, request.predicted, policy);
  return { allowed: true, needed, had: hadWith(request) };
}

/** How many different people have to approve a change: two where it is a risk. */
function approversNeeded(change: Change, predicted: Prediction | null, policy: ApprovalPolicy): 1 | 2 {
  return risksOf(change, predicted, policy.twoApprovers).length === 0 ? 1 : 2;
}

/** Whether a change can be approved by breaking the glass only. */
export function isAgainstGuards(change: Change): boolean {
  return change.kind === "block" && (change.overrides ?? []).length > 0;
}

/** The people whose approvals count for a change, in the order in which they gave them. */
export function approversOf(change: Change, approvals: readonly Approval[]): readonly Approval["person"][] {
  const counted = approvals.filter(({ decision }) => decision === "broke-glass" || !isAgainstGuards(change));
  return counted
    .map(({ person }) => person)
    .filter(({ id }, index, people) => people.findIndex((other) => other.id === id) === index);
}

type Request = Parameters<typeof decide>[0];
type Refused = Extract<PolicyDecision, { allowed: false }>;

function objectionTo(request: Request): Refused | null {
  const { act, by, policy, change } = request;
  switch (act.kind) {
    case "ask":
      if (!isListed(by, policy.requesters, "everybody")) {
        return no("not-a-requester", "You are not among those who may ask for a change here; one of them has to.");
      }
      return isAgainstGuards(change) && policy.breakGlass.length === 0 ? closed() : null;
    case "approve":
      return objectionToApproval(request);
    case "break-glass":
      return objectionToBreaking(request, act.reason);
  }
}

function objectionToApproval({ by, policy, change, requestedById, approvals }: Request): Refused | null {
  if (!isListed(by, policy.approvers, "everybody")) {
    return no(
      "not-an-approver",
      "You are not on the list of approvers for this workspace; one of them has to approve.",
    );
  }
  if (by.id === requestedById && !policy.allowSelfApproval) {
    return no("own-request", "You asked for this yourself, so somebody else has to approve it.");
  }
  if (isAgainstGuards(change)) {
    return no("glass-needed", "This goes against a guard, so approving it takes two people who break the glass.");
  }
  return approvals.some(({ person }) => person.id === by.id) ? repeated() : null;
}

function objectionToBreaking({ by, policy, change, approvals }: Request, reason: string): Refused | null {
  if (policy.breakGlass.length === 0) return closed();
  if (!isListed(by, policy.breakGlass, "nobody")) {
    return no("glass-not-yours", "You are not among those who may break the glass; one of them has to.");
  }
  if (reason.trim() === "") {
    return no("glass-reason-missing", "Breaking the glass needs a reason, which everybody will read.");
  }
  const isRepeated = approvals.some(({ person, decision }) => person.id === by.id && decision === "broke-glass");
  return isRepeated && isAgainstGuards(change) ? repeated() : null;
}

function hadWith({ act, by, change, approvals }: Request): number {
  const before = approversOf(change, approvals).map(({ id }) => id);
  return act.kind === "ask" || before.includes(by.id) ? before.length : before.length + 1;
}

function isListed({ id, groups = [] }: Standing, list: readonly string[], whereEmpty: "everybody" | "nobody"): boolean {
  if (list.length === 0) return whereEmpty === "everybody";
  return list.includes(id) || groups.some((group) => list.includes(group));
}

function closed(): Refused {
  return no("glass-closed", "Nobody may break the glass here: `approvals.breakGlass` in spillway.yaml names no one.");
}

function repeated(): Refused {
  return no("approved-by-you", "You have approved this already; one more person has to.");
}

function no(code: PolicyCode, reason: string): Refused {
  return { allowed: false, code, reason };
}
