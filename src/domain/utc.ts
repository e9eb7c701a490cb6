import { DAY_MS, type TimeWindow } from "./time-window.ts";

/** Writes a moment to the minute: "2026-11-21 14:02 UTC". */
export function formatUtc(atMs: number): string {
  return `${formatUtcDay(atMs)} ${iso(atMs).slice(11, 16)} UTC`;
}

/** Writes the time of day to the minute: "14:02 UTC". */
export function formatUtcTime(atMs: number): string {
  return `${iso(atMs).slice(11, 16)} UTC`;
}

/** Writes the time of day to the second, without the zone, for columns that name it once: "14:02:07". */
export function formatUtcClock(atMs: number): string {
  return iso(atMs).slice(11, 19);
}

/** Writes the day: "2026-11-21". */
export function formatUtcDay(atMs: number): string {
  return iso(atMs).slice(0, 10);
}

/** Writes a window, its day once where it has one: "2026-11-21 13:02–14:19 UTC". */
export function formatUtcWindow({ startMs, endMs }: TimeWindow): string {
  const isOneDay = Math.floor(startMs / DAY_MS) === Math.floor(endMs / DAY_MS);
  const start = `${formatUtcDay(startMs)} ${iso(startMs).slice(11, 16)}`;
  return isOneDay ? `${start}–${formatUtcTime(endMs)}` : `${start} – ${formatUtc(endMs)}`;
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
