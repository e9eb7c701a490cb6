import type { Arrival } from "./arrival.ts";
import type { CacheResult } from "./cache.ts";

/**
 * One request and what became of it.
 *
 * - `served`: a machine answered, with whatever status
 * - `blocked`: the firewall turned it away before any machine
 * - `limited`: the same, since its client had sent too many before
 * - `challenged`: the firewall asked it to show that it is a browser, which it did not
 * - `timed-out`: a machine took it and was stopped before it answered
 * - `refused`: a machine answered at once that it has no room
 * - `cached`: the cache in front answered, and no machine was asked
 */
export interface Exchange {
  readonly arrival: Arrival;
  /** When the answer was complete, epoch ms; a log line is written then. */
  readonly doneMs: number;
  readonly outcome: "served" | "blocked" | "limited" | "challenged" | "timed-out" | "refused" | "cached";
  readonly status: number;
  /** Address of the machine; null where none was asked. */
  readonly target: string | null;
  /** How long the machine took, its connection included; null where it gave no answer. */
  readonly targetSecs: number | null;
  /** Of `targetSecs`, the part until the connection stood, where that is out of the ordinary; else 0. */
  readonly connectSecs: number;
  /** How long the client's own connection took beyond that, where it is out of the ordinary; else 0. */
  readonly clientSecs: number;
  /** What the cache in front did; null where there is none. */
  readonly cache: CacheResult | null;
  /** How much longer all took than it would have without what ails the machines, in seconds. */
  readonly ailedSecs: number;
  readonly receivedBytes: number;
  /** With headers. */
  readonly sentBytes: number;
}
