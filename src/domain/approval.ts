import {
  type ApprovalPolicy,
  approversOf,
  decide,
  type PolicyAct,
  type PolicyCode,
  type Standing,
} from "./approval-policy.ts";
import { formatDuration } from "./duration.ts";
import type { Person, Proposal } from "./proposal.ts";
import { formatUtc } from "./utc.ts";

/** Why a click changes nothing; static labels that never change. */
export type ApprovalCode =
  | PolicyCode
  | "already-approved"
  | "already-refused"
  | "already-withdrawn"
  | "offer-expired"
  | "content-changed"
  | "second-needed"
  | "not-the-requester";

export type ApprovalDecision =
  | {
      readonly allowed: true;
      /** Different people who have to approve: what was shown when it was offered, or more. */
      readonly needed: number;
      /** Of them, those who have, this one included. */
      readonly had: number;
    }
  | { readonly allowed: false; readonly code: ApprovalCode; readonly reason: string };

/**
 * Decides whether a person may approve a proposal now.
 *
 * It only says what is allowed; that one click of two wins is the store's work.
 *
 * @param request.digest of the change as it is now; where given, it has to be the digest that was offered
 */
export function decideApproval(request: {
  readonly proposal: Proposal;
  readonly approver: Standing;
  readonly policy: ApprovalPolicy;
  readonly nowMs: number;
  readonly digest?: string;
  /** An approval where it is not given. */
  readonly act?: Exclude<PolicyAct, { kind: "ask" }>;
}): ApprovalDecision {
  const { proposal, approver, policy, act = { kind: "approve" } } = request;
  const closed = closedReason(proposal, request.nowMs);
  if (closed !== null) return closed;
  if (request.digest !== undefined && request.digest !== proposal.digest) {
    return no("content-changed", "What was offered and what would be done now differ; ask for it again.");
  }
  const { change, predicted, requestedBy, approvals, approversNeeded } = proposal;
  const decision = decide({ act, by: approver, change, predicted, requestedById: requestedBy.id, approvals, policy });
  if (!decision.allowed || act.kind === "break-glass") return decision;
  return { ...decision, needed: Math.max(decision.needed, approversNeeded) };
}

/**
 * Decides whether somebody may let a change last longer: to go on is to do, so those who approve it decide, and as many
 * of them as a change of that length takes. Whoever extends it counts beside those who approved it.
 *
 * @param request.totalSecs from its beginning to the new end
 */
export function decideExtension(request: {
  readonly proposal: Proposal;
  readonly by: Standing;
  readonly policy: ApprovalPolicy;
  readonly totalSecs: number;
}): ApprovalDecision {
  const { proposal, by, policy, totalSecs } = request;
  const { predicted, requestedBy, approvals } = proposal;
  const change = { ...proposal.change, durationSecs: totalSecs };
  const others = approvals.filter(({ person }) => person.id !== by.id);
  const act = { kind: "approve" } as const;
  const decision = decide({ act, by, change, predicted, requestedById: requestedBy.id, approvals: others, policy });
  if (!decision.allowed || decision.had >= decision.needed) return decision;
  return no(
    "second-needed",
    `To let it last ${formatDuration(totalSecs)} in all takes two people, and you are the only one yet; somebody else has to extend it.`,
  );
}

/**
 * Decides whether a person may turn a proposal down now, and what that makes of it.
 *
 * Anybody may: doing nothing is safe. Whoever asked for it withdraws it.
 */
export function decideRefusal(request: {
  readonly proposal: Proposal;
  readonly by: Person;
  readonly nowMs: number;
}): { readonly allowed: true; readonly to: "refused" | "withdrawn" } | Extract<ApprovalDecision, { allowed: false }> {
  const closed = closedReason(request.proposal, request.nowMs);
  if (closed !== null) return closed;
  return { allowed: true, to: request.by.id === request.proposal.requestedBy.id ? "withdrawn" : "refused" };
}

/** Decides whether somebody may withdraw a proposal now: only whoever asked for it. Others may refuse it. */
export function decideWithdrawal(request: {
  readonly proposal: Proposal;
  readonly by: Person;
  readonly nowMs: number;
}): { readonly allowed: true } | Refused {
  const closed = closedReason(request.proposal, request.nowMs);
  if (closed !== null) return closed;
  const { requestedBy } = request.proposal;
  if (request.by.id === requestedBy.id) return { allowed: true };
  return no("not-the-requester", `Only ${requestedBy.name}, who asked for it, can withdraw it; you can refuse it.`);
}

/** The names of those who approved: "Robin", "Robin and Chloe"; of whoever decided where no approvals are kept. */
export function approverNames({ change, approvals, decidedBy }: Proposal): string {
  const people = approversOf(change, approvals);
  return people.length === 0 ? (decidedBy?.name ?? "Somebody") : people.map(({ name }) => name).join(" and ");
}

type Refused = Extract<ApprovalDecision, { allowed: false }>;

function closedReason(proposal: Proposal, nowMs: number): Refused | null {
  const who = proposal.decidedBy?.name ?? "Somebody";
  const when = proposal.decidedMs === null ? "" : ` at ${formatUtc(proposal.decidedMs)}`;
  switch (proposal.state) {
    case "approved":
    case "executing":
      return no(
        "already-approved",
        `${approverNames(proposal)} approved this already${when}, and it is being carried out; it is done once only.`,
      );
    case "done":
      return no("already-approved", `${approverNames(proposal)} approved this already${when}; it is done once only.`);
    case "failed":
      return no(
        "already-approved",
        `${approverNames(proposal)} approved this already${when}, but it was not carried out; ask for it again.`,
      );
    case "refused":
      return no("already-refused", `${who} refused this${when}.`);
    case "withdrawn":
      return no("already-withdrawn", `${who} withdrew this${when}.`);
    case "expired":
      return expired(proposal, nowMs);
    case "pending":
      return nowMs > proposal.expiresMs ? expired(proposal, nowMs) : null;
  }
}

function expired({ expiresMs }: Proposal, nowMs: number): Refused {
  const ago = formatDuration(Math.max(0, nowMs - expiresMs) / 1_000);
  return no(
    "offer-expired",
    `This offer expired at ${formatUtc(expiresMs)}, ${ago} ago; ask for it again, and it is checked anew.`,
  );
}

function no(code: ApprovalCode, reason: string): Refused {
  return { allowed: false, code, reason };
}
