import type { Change, ScaleChange } from "./proposal.ts";
import { SECOND_MS } from "./time-window.ts";

/** Gives when a scale-out ends that is applied now: its time counts from its start where it has one. */
export function scaleEndMs(change: ScaleChange, appliedMs: number): number {
  return (change.startMs ?? appliedMs) + change.durationSecs * SECOND_MS;
}

/** Whether a change is for later, and its time has not come. */
export function startsLater(change: Change, nowMs: number): boolean {
  return change.kind === "scale" && change.startMs !== undefined && change.startMs > nowMs;
}
