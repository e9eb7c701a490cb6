import type { Cause } from "./finding.ts";

/** Below it the evidence speaks so clearly against a rival that nobody has to rule it out. */
const MIN_RIVAL_SCORE = 0.05;

/** Gives what a cause may be taken for still, in the finding's order. */
export function openRivals({ rivals }: Cause): Cause["rivals"] {
  return rivals.filter(({ score }) => score >= MIN_RIVAL_SCORE);
}
