import { mean, median } from "./robust.ts";
import { DAY_MS, MINUTE_MS } from "./time-window.ts";
import type { TrafficSeries } from "./traffic.ts";

/** Minutes before and after that are taken for the same time of day. */
const NEAR_MS = 10 * MINUTE_MS;
/** On one other day anything may have happened. */
const MIN_DAYS = 2;
/** From so many on, weekdays are held against weekdays and weekends against weekends. */
const MIN_DAYS_OF_A_SORT = 3;
/** Requests of equal steps; what is no number is not known. */
export type Counts = Pick<TrafficSeries, "startMs" | "stepMs" | "requests">;

/** Of the mean: where nights are all but empty, dividing by less would make much of nothing. */
const MIN_SHAPE = 0.1;

/**
 * Gives how much of the mean each step of a series usually has, by the same time of earlier days: 1 on average, at least
 * 0.1. Null where the history has fewer than two days of some step.
 *
 * The level is left open, to be read from the hours before an incident: traffic grows, its day keeps its shape.
 */
export function seasonalShape({ startMs, stepMs, requests }: Counts, history: Counts): readonly number[] | null {
  const usual: number[] = [];
  for (let step = 0; step < requests.length; step++) {
    const level = usualAt(startMs + step * stepMs, history, startMs);
    if (level === null) return null;
    usual.push(level);
  }
  const average = mean(usual);
  return average > 0 ? usual.map((level) => Math.max(MIN_SHAPE, level / average)) : null;
}

/**
 * Gives the median, over earlier days, of the mean within ten minutes of this time of day, from what came before
 * `beforeMs`; null where there are fewer than two such days. What is no number is passed over.
 */
export function usualAt(atMs: number, history: Counts, beforeMs: number): number | null {
  const days: { readonly level: number; readonly isWeekend: boolean }[] = [];
  const earliest = Math.floor((atMs - history.startMs) / DAY_MS);
  for (let back = 1; back <= earliest; back++) {
    const thenMs = atMs - back * DAY_MS;
    const level = meanAbout(thenMs, history, beforeMs);
    if (level !== null) days.push({ level, isWeekend: isWeekend(thenMs) });
  }
  const same = days.filter((day) => day.isWeekend === isWeekend(atMs));
  const used = same.length >= MIN_DAYS_OF_A_SORT ? same : days;
  return used.length >= MIN_DAYS ? median(used.map(({ level }) => level)) : null;
}

function meanAbout(atMs: number, { startMs, stepMs, requests }: Counts, beforeMs: number): number | null {
  const first = Math.max(0, Math.ceil((atMs - NEAR_MS - startMs) / stepMs));
  const end = Math.min((Math.min(atMs + NEAR_MS, beforeMs - 1) - startMs) / stepMs, requests.length - 1);
  const near = requests.slice(first, Math.floor(end) + 1).filter(Number.isFinite);
  return near.length === 0 ? null : mean(near);
}

function isWeekend(atMs: number): boolean {
  const day = new Date(atMs).getUTCDay();
  return day === 0 || day === 6;
}
