import { ALARM_SETTINGS, type AlarmSettings } from "./detection/alarm-policy.ts";
import { createDetector } from "./detection/detector.ts";
import { mean, median } from "./robust.ts";
import { usualAt } from "./season.ts";
import { HOUR_MS, MINUTE_MS } from "./time-window.ts";
import type { MetricName, MetricSeries } from "./traffic.ts";

/** A metric that does what it has not done before. */
export interface Sighting {
  readonly metric: MetricName;
  readonly unit: MetricSeries["unit"];
  /** When its episode opened and the last moment that belongs to it, epoch ms. */
  readonly openedMs: number;
  readonly seenMs: number;
  /** Mean of the episode and what is usual, per minute where it is counted, else in its unit. */
  readonly level: number;
  readonly usual: number;
  /** Null where the usual level is nothing. */
  readonly ratio: number | null;
  /** Whether `usual` is of this time of earlier days; otherwise it is of the hours before. */
  readonly isSeasonal: boolean;
}

/** Higher than the detector's own bar: on simulated days it is wrong 0 to 0.06 times a day, and that wakes people. */
const SETTINGS: AlarmSettings = { ...ALARM_SETTINGS, bar: 0 };
/** Less than half as much again, or a drop by less than half, is nothing to tell anybody. */
const MIN_RATIO = 1.5;
const MAX_DROP_RATIO = 0.5;
/** Fewer errors a minute hurt nobody, and from few everything is many times as much. */
const MIN_ERRORS_PER_MIN = 5;
/** Traffic so small rises and falls to many times as much by one visitor. */
const MIN_REQUESTS_PER_MIN = 30;
const HOURS_BEFORE = 3;

/**
 * Tells of an episode that was seen since `sinceMs` and is large enough to tell people; null otherwise. Best with ten days
 * of the metric or more; what is missing is passed over.
 *
 * @example
 * sightingIn(requests, nowMs - 30 * 60_000)?.ratio; // 5.8
 */
export function sightingIn(series: MetricSeries, sinceMs: number): Sighting | null {
  const { metric, unit } = series;
  const episode = latestEpisode(series);
  if (episode === null || episode.seenMs < sinceMs) return null;
  const { openedMs, seenMs } = episode;
  const perMin = series.aggregation === "sum" ? MINUTE_MS / series.stepMs : 1;
  const level = perMin * mean(valuesBetween(series, openedMs, seenMs + series.stepMs));
  const known = { ...series, requests: series.values.map((value) => value ?? Number.NaN) };
  const seasonal = usualAt(openedMs, known, openedMs);
  const before = valuesBetween(series, openedMs - HOURS_BEFORE * HOUR_MS, openedMs);
  const usual = perMin * (seasonal ?? median(before));
  if (!isLarge(metric, level, usual)) return null;
  const ratio = usual > 0 ? level / usual : null;
  return { metric, unit, openedMs, seenMs, level, usual, ratio, isSeasonal: seasonal !== null };
}

function latestEpisode({ startMs, stepMs, values }: MetricSeries): { openedMs: number; seenMs: number } | null {
  const detector = createDetector(stepMs, SETTINGS);
  let openedMs: number | null = null;
  let seenMs = startMs;
  for (const [step, value] of values.entries()) {
    const atMs = startMs + step * stepMs;
    const { isAlarm, isOver } = detector.take(atMs, value);
    if (isAlarm) openedMs = atMs;
    if (isOver) seenMs = atMs;
  }
  return openedMs === null ? null : { openedMs, seenMs };
}

function valuesBetween({ startMs, stepMs, values }: MetricSeries, fromMs: number, toMs: number): readonly number[] {
  const first = Math.max(0, Math.ceil((fromMs - startMs) / stepMs));
  const end = Math.max(0, Math.ceil((toMs - startMs) / stepMs));
  return values.slice(first, end).filter((value) => value !== null);
}

function isLarge(metric: MetricName, level: number, usual: number): boolean {
  const isRise = level >= MIN_RATIO * usual;
  switch (metric) {
    case "requests": {
      const isDrop = level <= MAX_DROP_RATIO * usual;
      return Math.abs(level - usual) >= MIN_REQUESTS_PER_MIN && (isRise || isDrop);
    }
    case "errors5xx":
      return isRise && level - usual >= MIN_ERRORS_PER_MIN;
    default:
      return isRise;
  }
}
