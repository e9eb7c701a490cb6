import { formatDuration } from "./duration.ts";
import type { Person, Proposal } from "./proposal.ts";
import { formatUtc } from "./utc.ts";

/** Who may approve; from the configuration. */
export interface ApprovalPolicy {
  /** Ids of people; empty for everybody in the channel. */
  readonly approvers: readonly string[];
  readonly allowSelfApproval: boolean;
}

/** Why a click changes nothing; static labels that never change. */
export type ApprovalCode =
  | "already-approved"
  | "already-refused"
  | "already-withdrawn"
  | "offer-expired"
  | "content-changed"
  | "not-an-approver"
  | "own-request";

export type ApprovalDecision =
  | { readonly allowed: true }
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
  readonly approver: Person;
  readonly policy: ApprovalPolicy;
  readonly nowMs: number;
  readonly digest?: string;
}): ApprovalDecision {
  const { proposal, approver, policy } = request;
  const closed = closedReason(proposal, request.nowMs);
  if (closed !== null) return closed;
  if (request.digest !== undefined && request.digest !== proposal.digest) {
    return no("content-changed", "What was offered and what would be done now differ; ask for it again.");
  }
  if (policy.approvers.length > 0 && !policy.approvers.includes(approver.id)) {
    return no(
      "not-an-approver",
      "You are not on the list of approvers for this workspace; one of them has to approve.",
    );
  }
  if (approver.id === proposal.requestedBy.id && !policy.allowSelfApproval) {
    return no("own-request", "You asked for this yourself, so somebody else has to approve it.");
  }
  return { allowed: true };
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

type Refused = Extract<ApprovalDecision, { allowed: false }>;

function closedReason(proposal: Proposal, nowMs: number): Refused | null {
  const who = proposal.decidedBy?.name ?? "Somebody";
  const when = proposal.decidedMs === null ? "" : ` at ${formatUtc(proposal.decidedMs)}`;
  switch (proposal.state) {
    case "approved":
    case "executing":
    case "done":
      return no("already-approved", `${who} approved this already${when}; it is done once only.`);
    case "failed":
      return no(
        "already-approved",
        `${who} approved this already${when}, but it was not carried out; ask for it again.`,
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
