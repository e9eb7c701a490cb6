import type { Arrival } from "./arrival.ts";

/**
 * One request and what became of it.
 *
 * - `served`: a machine answered, with whatever status
 * - `blocked`: the firewall turned it away before any machine
 * - `timed-out`: a machine took it and was stopped before it answered
 * - `refused`: a machine answered at once that it has no room
 */
export interface Exchange {
  readonly arrival: Arrival;
  /** When the answer was complete, epoch ms; a log line is written then. */
  readonly doneMs: number;
  readonly outcome: "served" | "blocked" | "timed-out" | "refused";
  readonly status: number;
  /** Address of the machine; null where none was asked. */
  readonly target: string | null;
  /** How long the machine took; null where it gave no answer. */
  readonly targetSecs: number | null;
  readonly receivedBytes: number;
  /** With headers. */
  readonly sentBytes: number;
}
