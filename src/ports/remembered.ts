/** What the store remembers that is nobody else's. */
import type { MilderMeasure } from "../domain/address-measure.ts";
import type { Capacity } from "../domain/capacity.ts";
import type { Finding } from "../domain/finding.ts";
import type { Person } from "../domain/proposal.ts";
import type { TimeWindow } from "../domain/time-window.ts";
import type { Intake, TrafficFilter } from "../domain/traffic.ts";

/** One `/spike`, from the question to its finding. */
export interface Investigation {
  readonly id: string;
  readonly service: string;
  readonly channelId: string;
  readonly requestedBy: Person;
  /** What was asked for. */
  readonly window: TimeWindow;
  readonly filter: TrafficFilter;
  /** The message that shows it; null until it is posted. */
  readonly messageTs: string | null;
  readonly createdMs: number;
  readonly state: "running" | "done" | "failed" | "cancelled";
  /** Null unless cancelled. */
  readonly cancelledBy: Person | null;
  /** Null until done. */
  readonly finding: Finding | null;
  readonly intake: Intake | null;
  readonly incidentId: string | null;
}

/** How the answer to a `/top` ended. It has no row before, and is known by the message that shows it. */
export interface BreakdownEnd {
  readonly channelId: string;
  readonly messageTs: string;
  readonly state: "done" | "failed" | "cancelled";
  /** Null unless cancelled. */
  readonly cancelledBy: Person | null;
}

/** Something that a person asked to undo, and that is not done yet. */
export interface UndoWish {
  /** Of the job that does it. */
  readonly id: string;
  readonly proposalId: string;
  readonly userId: string;
  /** Only these of a block's addresses; all where it is left out. */
  readonly addresses?: string[];
  /** Puts capacity back whatever it is now. */
  readonly isForced?: boolean;
  readonly atMs: number;
}

/** What the audit log holds beside what happens to rows. */
export interface AuditEntry {
  /**
   * `policy-refusal`: somebody was told that they may not, or that a guard refuses it. `configuration`: the rules that
   * hold from now on; where they are as in the last such entry, none is added.
   */
  readonly kind: "policy-refusal" | "configuration";
  readonly atMs: number;
  readonly actor: Person;
  readonly proposalId: string | null;
  readonly incidentId: string | null;
  /** What was asked and which rule refused it, or the rules; becomes JSON. */
  readonly details: Readonly<Record<string, unknown>>;
}

/** What was found in a firewall when it was held against the blocks that should be in it. */
export interface FirewallReport {
  /** Left out for that of blocks. */
  readonly measure?: MilderMeasure;
  /** Its sets by name and id; several services may stand behind it. */
  readonly firewall: string;
  readonly services: readonly string[];
  readonly checkedMs: number;
  /** How many entries there are in all. */
  readonly entries: number;
  /** Entries that no block of ours put there. */
  readonly foreign: readonly string[];
  /** Of those, what a block of ours held that has ended: somebody put it back. */
  readonly returned: readonly string[];
  /** Why what is in it may let somebody pass all the same, and when that was looked at; null for never. */
  readonly weaknesses: readonly string[];
  readonly weaknessesMs: number | null;
}

export interface CapacityHold {
  readonly proposalId: string;
  readonly service: string;
  readonly before: Capacity;
  readonly channelId: string;
  readonly untilMs: number;
  /** When people were last asked what to do; left out where they were not. */
  readonly askedMs?: number;
}
