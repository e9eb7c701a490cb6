import { canonical } from "../../src/firewall/ip-set-edit.ts";
import type { AnsweredCall } from "../support/aws-between.ts";

/** What one accepted write changed in an IP set. */
export interface SetWrite {
  readonly by: string;
  readonly atMs: number;
  readonly added: readonly string[];
  readonly removed: readonly string[];
}

/** What one accepted write made of the group. */
export interface GroupWrite {
  readonly atMs: number;
  readonly from: number;
  readonly to: number;
}

/** Everything that AWS was made to change, by anybody: what no look at its state afterwards can tell. */
export interface WriteLog {
  readonly sets: readonly SetWrite[];
  readonly groups: readonly GroupWrite[];
  /** Takes an answered call; others than writes, and those that were refused, change nothing here. */
  take(by: string, operation: string, call: AnsweredCall): void;
}

interface SetAnswer {
  readonly IPSet?: { readonly Addresses?: readonly string[] };
  readonly LockToken?: string;
  readonly NextLockToken?: string;
}

interface SetRequest {
  readonly Addresses?: readonly string[];
  readonly LockToken?: string;
}

/** @param instances that the group begins with */
export function createWriteLog(instances: number): WriteLog {
  // A lock token names one state of one set, so that what a write replaced is known for certain.
  const states = new Map<string, readonly string[]>();
  const sets: SetWrite[] = [];
  const groups: GroupWrite[] = [];
  let desired = instances;

  function takeSetWrite(by: string, request: SetRequest, answer: SetAnswer): void {
    const before = states.get(request.LockToken ?? "");
    const after = (request.Addresses ?? []).map(canonical);
    states.set(answer.NextLockToken ?? "", after);
    if (before === undefined) throw new Error("an IP set was written under a token that nobody was given");
    sets.push({
      by,
      atMs: Date.now(),
      added: after.filter((address) => !before.includes(address)),
      removed: before.filter((address) => !after.includes(address)),
    });
  }

  return {
    sets,
    groups,
    take(by, operation, { isOk, request, answer }) {
      if (!isOk) return;
      switch (operation) {
        case "GetIPSet": {
          const { IPSet, LockToken = "" } = JSON.parse(answer) as SetAnswer;
          states.set(LockToken, (IPSet?.Addresses ?? []).map(canonical));
          return;
        }
        case "UpdateIPSet":
          return takeSetWrite(by, JSON.parse(request) as SetRequest, JSON.parse(answer) as SetAnswer);
        case "UpdateAutoScalingGroup": {
          const to = Number(new URLSearchParams(request).get("DesiredCapacity"));
          groups.push({ atMs: Date.now(), from: desired, to });
          desired = to;
          return;
        }
      }
    },
  };
}
