import type { ResourceKind } from "./arrival.ts";

/** What one second of requests does to the machines. */
export interface Strain {
  /** Work that came in over work that can be done, smoothed; above 1 a queue grows. */
  readonly utilisation: number;
  /** How many times longer a request takes than on idle machines. */
  readonly slowdown: number;
  /** How long a request waits before anybody begins with it. */
  readonly waitMs: number;
  /** Share of requests that find the queue full. */
  readonly refusedShare: number;
}

export interface LoadModel {
  /** Takes the work of the next second. */
  take(workSecs: number, instances: number): Strain;
}

/** Seconds of processor that one request costs; a file is sent by the same small machines, hence not free. */
export const WORK_SECS: Readonly<Record<ResourceKind, number>> = { page: 0.048, api: 0.024, file: 0.019 };

/** Seconds of work that one machine does in a second, and how much may wait. */
const INSTANCE_WORK_SECS = 1;
const LONGEST_WAIT_SECS = 1.4;
/** Beyond this the formula of a stationary queue would give waits that no second lasts for. */
const MAX_UTILISATION = 0.94;
const SMOOTHING = 0.2;

/**
 * Makes a load model: a processor shared by all requests, whose slowdown is 1 / (1 − utilisation),
 * with a queue of bounded length for what exceeds it.
 */
export function createLoadModel(): LoadModel {
  let smoothed = 0;
  let queuedSecs = 0;

  function take(workSecs: number, instances: number): Strain {
    const capacitySecs = Math.max(instances * INSTANCE_WORK_SECS, 0.01);
    smoothed += SMOOTHING * (workSecs / capacitySecs - smoothed);
    const wantedSecs = queuedSecs + workSecs - capacitySecs;
    queuedSecs = Math.min(Math.max(wantedSecs, 0), LONGEST_WAIT_SECS * capacitySecs);
    const overflowSecs = Math.max(wantedSecs - queuedSecs, 0);
    return {
      utilisation: smoothed,
      slowdown: 1 / (1 - Math.min(smoothed, MAX_UTILISATION)),
      waitMs: (queuedSecs / capacitySecs) * 1_000,
      refusedShare: workSecs > 0 ? Math.min(overflowSecs / workSecs, 1) : 0,
    };
  }

  return { take };
}

/** What the machines show as processor use: the system itself needs some, and it never passes 100. */
export function cpuPercent(utilisation: number): number {
  return Math.min(100, 13 + 82 * utilisation);
}
