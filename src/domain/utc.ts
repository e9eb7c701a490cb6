import { tz } from "@date-fns/tz";
// By name: the whole of date-fns takes a fifth of a second to load.
import { format } from "date-fns/format";
import { isSameDay } from "date-fns/isSameDay";
import type { TimeWindow } from "./time-window.ts";

const UTC = { in: tz("UTC") };

/** Writes a moment to the minute: "2026-11-21 14:02 UTC". */
export function formatUtc(atMs: number): string {
  return format(atMs, "yyyy-MM-dd HH:mm 'UTC'", UTC);
}

/** Writes the time of day to the minute: "14:02 UTC". */
export function formatUtcTime(atMs: number): string {
  return format(atMs, "HH:mm 'UTC'", UTC);
}

/** Writes the time of day to the second, without the zone, for columns that name it once: "14:02:07". */
export function formatUtcClock(atMs: number): string {
  return format(atMs, "HH:mm:ss", UTC);
}

/** Writes the day: "2026-11-21". */
export function formatUtcDay(atMs: number): string {
  return format(atMs, "yyyy-MM-dd", UTC);
}

/** Writes a window, its day once where it has one: "2026-11-21 13:02–14:19 UTC". */
export function formatUtcWindow({ startMs, endMs }: TimeWindow): string {
  const start = format(startMs, "yyyy-MM-dd HH:mm", UTC);
  return isSameDay(startMs, endMs, UTC) ? `${start}–${formatUtcTime(endMs)}` : `${start} – ${formatUtc(endMs)}`;
}
