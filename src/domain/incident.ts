import type { Person } from "./proposal.ts";

/** Something worth a timeline and a postmortem. */
export interface Incident {
  readonly id: string;
  /** Counts from 1; people say "INC-12". */
  readonly number: number;
  readonly title: string;
  readonly service: string | null;
  readonly channelId: string;
  readonly state: "open" | "resolved";
  /** When the impact began, which is not when somebody declared it; null until known. */
  readonly startedMs: number | null;
  readonly declaredMs: number;
  readonly resolvedMs: number | null;
  readonly declaredBy: Person;
  readonly resolvedBy: Person | null;
  /** Whether people only practise: nothing is changed for it. */
  readonly isDrill?: true;
}

export const EVENT_KINDS = [
  "incident-declared",
  "incident-resolved",
  "investigation",
  "finding",
  "breakdown",
  "proposal",
  "approval",
  "refusal",
  "action",
  "check",
  "undo",
  "failure",
  "note",
  "message",
  "postmortem",
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** One entry of a timeline. Append-only; what people remove is marked, not deleted. */
export interface TimelineEvent {
  readonly id: string;
  /** Null for what happened in a channel before an incident was declared there. */
  readonly incidentId: string | null;
  readonly channelId: string;
  readonly kind: EventKind;
  /** When it happened, which is not when it was written down. */
  readonly occurredMs: number;
  readonly recordedMs: number;
  readonly actor: Person;
  /** One sentence; text from outside in it is data and is escaped where shown. */
  readonly text: string;
  /** Where it can be seen; null where there is nothing to link to. */
  readonly permalink: string | null;
  /** Says the same thing twice only once: unique within the channel. */
  readonly key: string;
}
