import { DAY_MS, HOUR_MS, MINUTE_MS, type TimeWindow } from "../domain/time-window.ts";

/** Equal steps on CloudWatch's own grid. */
export interface Steps {
  readonly startMs: number;
  readonly stepMs: number;
  readonly count: number;
}

/**
 * How long each step is kept.
 *
 * @source https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_concepts.html#metrics-retention
 */
const KEPT = [
  { stepMs: MINUTE_MS, forMs: 15 * DAY_MS },
  { stepMs: 5 * MINUTE_MS, forMs: 63 * DAY_MS },
  { stepMs: HOUR_MS, forMs: 455 * DAY_MS },
] as const;

/** What is younger may still grow; drawn as it is, it would look like a drop. */
const SETTLED_AFTER_MS = MINUTE_MS;

/** Picks the finest steps that are still kept for the whole window; none that are not over and settled. */
export function chooseSteps(window: TimeWindow, nowMs: number): Steps {
  const ageMs = nowMs - window.startMs;
  const { stepMs } = KEPT.find(({ forMs }) => ageMs < forMs) ?? KEPT[2];
  const startMs = Math.floor(window.startMs / stepMs) * stepMs;
  const settledMs = Math.floor((nowMs - SETTLED_AFTER_MS) / stepMs) * stepMs;
  const endMs = Math.min(Math.ceil(window.endMs / stepMs) * stepMs, settledMs);
  return { startMs, stepMs, count: Math.max(0, (endMs - startMs) / stepMs) };
}
