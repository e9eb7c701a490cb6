import { DAY_MS, HOUR_MS, MINUTE_MS, type TimeWindow } from "../domain/time-window.ts";
import type { LogSlice } from "../ports/log-slice.ts";

/** Longer than any incident with the usual traffic around it. */
const LONG_MS = 14 * DAY_MS;

/**
 * Narrows a span of weeks to the part of it with the most requests, where days without any part it.
 *
 * Files of several years in one folder, or a single line with a wrong clock, would otherwise be years without
 * traffic and then an enormous spike.
 */
export async function mainPartOf(slice: LogSlice, span: TimeWindow): Promise<TimeWindow> {
  if (span.endMs - span.startMs <= LONG_MS) return span;
  const daily = await slice.series({ window: span, stepMs: DAY_MS });
  const parts = partsOf(daily.requests);
  if (parts.length < 2) return span;
  const largest = parts.reduce((best, part) => (part.requests > best.requests ? part : best));
  const startMs = span.startMs + largest.first * DAY_MS;
  const endMs = span.startMs + (largest.last + 1) * DAY_MS;
  // Whole days would begin and end with hours that the log does not cover.
  const perMinute = await slice.series({ window: { startMs, endMs }, stepMs: MINUTE_MS });
  return {
    startMs: startMs + perMinute.requests.findIndex((requests) => requests > 0) * MINUTE_MS,
    endMs: startMs + (perMinute.requests.findLastIndex((requests) => requests > 0) + 1) * MINUTE_MS,
  };
}

interface Part {
  readonly first: number;
  last: number;
  requests: number;
}

function partsOf(daily: readonly number[]): readonly Part[] {
  const parts: Part[] = [];
  daily.forEach((requests, day) => {
    if (requests === 0) return;
    const current = parts.at(-1);
    if (current && current.last === day - 1) {
      current.last = day;
      current.requests += requests;
    } else {
      parts.push({ first: day, last: day, requests });
    }
  });
  return parts;
}

/** Enough for a month of minutes, and few enough for a program to read. */
const MAX_STEPS = 50_000;

/** Gives a minute, or for long spans an hour or a day. */
export function readableStepMs({ startMs, endMs }: TimeWindow): number {
  return [MINUTE_MS, HOUR_MS].find((stepMs) => (endMs - startMs) / stepMs <= MAX_STEPS) ?? DAY_MS;
}
