import { type AlarmSettings, createAlarmPolicy, type Judgement } from "./alarm-policy.ts";
import { createSurpriseMeter } from "./surprise.ts";

/** What is said about one point of a series. */
export interface Reading extends Judgement {
  readonly isSeasonal: boolean;
}

/** Takes the points of one series as they come. */
export interface Detector {
  /** Null, NaN and infinities are gaps: no alarm, a score of 0, and as if the point had not been. */
  take(atMs: number, value: number | null): Reading;
}

/**
 * Makes a detector for a series with about `stepMs` between its points. It is causal: what it says of a point depends on
 * that point and those before it. Silent for the first 50 points.
 *
 * @example
 * const detector = createDetector(60_000);
 * for (let minute = 0; minute < 500; minute++) detector.take(minute * 60_000, 100 + (minute % 7));
 * detector.take(500 * 60_000, 900).isAlarm; // true
 */
export function createDetector(stepMs: number, settings?: AlarmSettings): Detector {
  const meter = createSurpriseMeter(stepMs);
  const judge = createAlarmPolicy(settings);
  return {
    take: (atMs, value) => {
      const found = meter.take(atMs, value);
      if (found === null) return { isAlarm: false, isOver: false, score: 0, isSeasonal: false };
      return { ...judge(found.surprise), isSeasonal: found.isSeasonal };
    },
  };
}
