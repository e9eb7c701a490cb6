import type { CauseKind } from "../../domain/finding.ts";
import type { Dimension } from "../../domain/traffic.ts";

/** What an incident can be made of; `unknown` is for who does not know. */
export type TrueKind = Exclude<CauseKind, "unknown" | "no-anomaly">;

/** What is true of one cause of an incident, counted in the lines that were logged. */
export interface TrueCause {
  readonly kind: TrueKind;
  /** Which way of it was played, in kebab case, such as `one-address`. */
  readonly variant: string;
  /** Epoch ms. */
  readonly onsetMs: number;
  /** Null where it goes on beyond the log's end. */
  readonly endMs: number | null;
  /** What requests of it have in common; empty where they are as all others are. */
  readonly slice: Readonly<Partial<Record<Dimension, readonly string[]>>>;
  /** What it brings beyond what there would have been. */
  readonly added: { readonly requests: number; readonly bytes: number; readonly backendSecs: number };
  /** Addresses that could be blocked for it; empty where nobody is to blame. */
  readonly guiltyAddresses: readonly string[];
}

/** How many requests one client sent while the incident lasted, for one cause or as ever. */
export interface SeenClient {
  readonly address: string;
  readonly userAgent: string;
  /** Position in `IncidentTruth.causes`; null for ordinary requests. */
  readonly cause: number | null;
  readonly requests: number;
}

export interface IncidentTruth {
  /** The one that adds most requests first; none on a quiet day. */
  readonly causes: readonly TrueCause[];
  /** From the first onset to the end of the log, or of the last cause. */
  readonly seen: readonly SeenClient[];
}

/** Names the kind that a verdict should put first. */
export function primaryKind(truth: IncidentTruth): CauseKind {
  return truth.causes[0]?.kind ?? "no-anomaly";
}
