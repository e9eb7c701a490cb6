import { type AlarmSettings, createAlarmPolicy } from "../../src/domain/detection/alarm-policy.ts";
import { createDetector, type Reading } from "../../src/domain/detection/detector.ts";
import { createSurpriseMeter } from "../../src/domain/detection/surprise.ts";
import { median } from "../../src/domain/robust.ts";
import type { LabelledSeries } from "./corpus.ts";

/** The usual step is read from so many points, all before the first alarm can come. */
const STEP_POINTS = 50;

/** Gives what the detector says of every point, with the settings that it ships with. */
export function readingsOf(series: LabelledSeries): readonly Reading[] {
  const detector = createDetector(stepOf(series));
  return series.timesMs.map((atMs, index) => detector.take(atMs, series.values[index] ?? null));
}

/** Gives the surprises of every point; null where there is no value. */
export function surprisesOf(series: LabelledSeries): readonly (number | null)[] {
  const meter = createSurpriseMeter(stepOf(series));
  return series.timesMs.map((atMs, index) => meter.take(atMs, series.values[index] ?? null)?.surprise ?? null);
}

/** Gives the indices of the points at which other settings would raise an alarm. */
export function alarmsOf(surprises: readonly (number | null)[], settings: AlarmSettings): readonly number[] {
  const judge = createAlarmPolicy(settings);
  return surprises.flatMap((surprise, index) => (surprise !== null && judge(surprise).isAlarm ? [index] : []));
}

function stepOf({ timesMs }: LabelledSeries): number {
  const firstMs = timesMs.slice(0, STEP_POINTS);
  const step = median(firstMs.slice(1).map((atMs, index) => atMs - (firstMs[index] ?? atMs)));
  return step > 0 ? step : 60_000;
}
