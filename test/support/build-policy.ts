import { Config } from "../../src/config.ts";
import type { ApprovalPolicy } from "../../src/domain/approval-policy.ts";
import type { Approval, Person } from "../../src/domain/proposal.ts";
import { BUILT_AT_MS } from "./build-proposal.ts";

/** The policy of a configuration that says nothing about it, with what is given instead. */
export function buildPolicy(given: Partial<ApprovalPolicy> = {}): ApprovalPolicy {
  return { ...Config.shape.approvals.parse({}), ...given };
}

export function approvalBy(person: Person): Approval {
  return { person, decision: "approved", reason: null, atMs: BUILT_AT_MS };
}

export function brokenBy(person: Person): Approval {
  return { person, decision: "broke-glass", reason: "nobody else answers", atMs: BUILT_AT_MS };
}
