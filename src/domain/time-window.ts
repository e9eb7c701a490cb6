/** A span of time in epoch milliseconds UTC, from `startMs` up to but not including `endMs`. */
export interface TimeWindow {
  readonly startMs: number;
  readonly endMs: number;
}

export const SECOND_MS = 1_000;
export const MINUTE_MS = 60 * SECOND_MS;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** Gives the length of a window in minutes; 0 for an empty one. */
export function minutesIn(window: TimeWindow): number {
  return Math.max(0, window.endMs - window.startMs) / MINUTE_MS;
}
