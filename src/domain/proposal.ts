import type { MilderMeasure, RateLimit } from "./address-measure.ts";
import type { GuardRule } from "./guard.ts";
import type { Prediction } from "./prediction.ts";

/** Something that would change production; exact, so that an approval can be bound to it. */
export type Change = BlockChange | ScaleChange;

/** Addresses are put into the sets of a prepared rule, for a time: of the one that blocks, or of a milder one. */
export interface BlockChange {
  readonly kind: "block";
  /** Left out for a block. */
  readonly measure?: MilderMeasure;
  /** What the prepared rule lets each address send, as it was told to whoever approves; for a rate limit only. */
  readonly rateLimit?: RateLimit;
  readonly service: string;
  /** Normalised addresses or networks in CIDR notation, sorted, without duplicates. */
  readonly addresses: readonly string[];
  /** How long it holds once applied. */
  readonly durationSecs: number;
  readonly reason: string;
  /** Guards that would refuse it, and that those who approve it override, sorted; left out where there are none. */
  readonly overrides?: readonly GuardRule[];
  /** Whether only to say which calls would be made; left out where it is meant. */
  readonly dryRun?: true;
}

export interface ScaleChange {
  readonly kind: "scale";
  readonly service: string;
  /** Instances wanted, and how many there were when this was proposed. */
  readonly toInstances: number;
  readonly fromInstances: number;
  /** How long until it scales back, from `startMs` where that is given. */
  readonly durationSecs: number;
  readonly reason: string;
  /** When to scale, ahead of time; at once where it is left out. */
  readonly startMs?: number;
  /** The own maximum of what is scaled, which is raised to `toInstances` too; left out where that is not over it. */
  readonly raisesMaxFrom?: number;
  /** Whether only to say which calls would be made; left out where it is meant. */
  readonly dryRun?: true;
}

/**
 * Gives the one text of a change that its digest is taken over: JSON with sorted keys.
 *
 * Equal changes give equal texts, however their objects were built.
 */
export function digestInput(change: Change): string {
  return JSON.stringify(change, (_key, value: unknown) =>
    value !== null && typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : Number(a > b))))
      : value,
  );
}

export const PROPOSAL_STATES = [
  "pending",
  "approved",
  "executing",
  "done",
  "failed",
  "refused",
  "withdrawn",
  "expired",
] as const;
/** pending → approved → executing → done | failed, or pending → refused | withdrawn | expired. */
export type ProposalState = (typeof PROPOSAL_STATES)[number];

/** An offer to make one exact change; immutable but for its state. */
export interface Proposal {
  /** Opaque and random; the only thing a button carries. */
  readonly id: string;
  readonly change: Change;
  /** SHA-256 over the change; an approval holds for this digest only. */
  readonly digest: string;
  readonly predicted: Prediction | null;
  /** What whoever approves should know beside it, a sentence each: what it costs, why it may not help. */
  readonly notes?: readonly string[];
  readonly requestedBy: Person;
  readonly channelId: string;
  /** The message that shows the proposal; null until it is posted. */
  readonly messageTs: string | null;
  /** The thread to answer in; null for the channel itself. */
  readonly threadTs: string | null;
  readonly findingId: string | null;
  readonly incidentId: string | null;
  /** The failed proposal that it offers anew; left out where it is none. */
  readonly retryOf?: string;
  readonly createdMs: number;
  /** The offer can be approved until then. */
  readonly expiresMs: number;
  readonly state: ProposalState;
  /** Different people who have to approve it, as was shown when it was offered. */
  readonly approversNeeded: number;
  /** Those given so far, first to last. */
  readonly approvals: readonly Approval[];
  /** Who refused or withdrew it, or whose approval was the last that it needed. */
  readonly decidedBy: Person | null;
  readonly decidedMs: number | null;
}

/** One person's approval of one proposal. */
export interface Approval {
  readonly person: Person;
  readonly decision: "approved" | "broke-glass";
  /** Why the glass was broken; null where it was not. */
  readonly reason: string | null;
  readonly atMs: number;
}

/** Somebody in the workspace, with the name as it was at the time. */
export interface Person {
  readonly id: string;
  readonly name: string;
}

/** What an approved change did. One a proposal, however often its job ran. */
export interface Receipt {
  readonly proposalId: string;
  /** `dry-run`: nothing was changed, and `calls` are those that would have been made. */
  readonly outcome: "applied" | "failed" | "undone" | "dry-run";
  readonly appliedMs: number;
  /** What the vendor was told, one line a call. */
  readonly calls: readonly string[];
  /** What was found when looking again after the change. */
  readonly check: Check | null;
}

/** What was seen after an action, against what was predicted. */
export interface Check {
  readonly checkedMs: number;
  readonly verdict: "worked" | "no-effect" | "cannot-tell";
  /** One sentence with its numbers. */
  readonly statement: string;
  /** Requests per minute before and after; null where unknown. */
  readonly beforePerMin: number | null;
  readonly afterPerMin: number | null;
  /** Whether nobody looks again; left out by looks from before there was a watch. */
  readonly isFinal?: boolean;
}

/** How a scale-out ended. */
export interface CapacityEnd {
  readonly proposalId: string;
  /** `kept`: somebody wanted it to stay as it was found; `called-off`: before it began. */
  readonly kind: "restored" | "kept" | "called-off";
  /** Null where it ended by itself. */
  readonly by: Person | null;
  readonly atMs: number;
}

/** One address that is, or was, blocked, rate-limited or challenged by us. */
export interface Block {
  readonly id: string;
  /** Left out for a block. The same address may be under several measures, each with a life of its own. */
  readonly measure?: MilderMeasure;
  readonly service: string;
  readonly address: string;
  readonly reason: string;
  readonly proposalId: string;
  readonly incidentId: string | null;
  readonly channelId: string;
  readonly blockedBy: Person;
  /** False where the firewall held the address before us: then it stays there when the block ends. */
  readonly isOurs: boolean;
  readonly createdMs: number;
  readonly expiresMs: number;
  /** `active` until it was taken out of the firewall again. */
  readonly state: "pending" | "active" | "expired" | "lifted";
  readonly endedMs: number | null;
  readonly endedBy: Person | null;
}
