import type { Evidence } from "../finding.ts";

/** From here on a cause is sure enough to be acted on. */
export const SURE = 0.5;

/** Evidence with the log-odds that it adds to a cause; negative speaks against it. */
export interface Weighed {
  readonly code: string;
  readonly statement: string;
  readonly value: number;
  readonly weight: number;
}

/**
 * Adds up log-odds and gives the score, 0–1: how well the evidence fits, not a probability. The weights are set by hand
 * from what is known of such incidents, not learned.
 */
export function scoreOf(prior: number, evidence: readonly Weighed[]): number {
  const logOdds = evidence.reduce((total, { weight }) => total + weight, prior);
  return 1 / (1 + Math.exp(-logOdds));
}

/** Gives the evidence as people see it, the weightiest first. */
export function asEvidence(weighed: readonly Weighed[]): readonly Evidence[] {
  return [...weighed]
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
    .map(({ code, statement, value, weight }) => ({
      code,
      direction: weight >= 0 ? "for" : "against",
      statement,
      value,
    }));
}

/**
 * Maps a value on a line through two points, flat beyond them, so that no single observation decides alone.
 *
 * @example
 * ramp(0.5, { at: 0, gives: -1 }, { at: 1, gives: 3 }); // 1
 */
export function ramp(
  value: number,
  from: { readonly at: number; readonly gives: number },
  to: { readonly at: number; readonly gives: number },
): number {
  const along = Math.min(1, Math.max(0, (value - from.at) / (to.at - from.at)));
  return from.gives + along * (to.gives - from.gives);
}
