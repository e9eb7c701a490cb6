import { tz, tzOffset } from "@date-fns/tz";
import { format } from "date-fns/format";
import { DAY_MS, MINUTE_MS } from "./time-window.ts";

/** A time of the day as somebody says it, in the zone where they are. */
export interface WallClock {
  /** 0–23. */
  readonly hour: number;
  /** 0–59. */
  readonly minute: number;
}

/** When a time of the day comes next. */
export interface NextTime {
  /** Epoch ms; after the moment that was asked at. */
  readonly atMs: number;
  /**
   * - `gap`: clocks are put forward over it, so it comes as much later as they jump
   * - `overlap`: clocks are put back and it comes twice; this is the first that is still to come
   */
  readonly shift: "gap" | "overlap" | null;
  /** Whether it is on a later day than now, in that zone. */
  readonly isLaterDay: boolean;
}

/** Where nobody knows somebody's zone, or its name is not one. */
export const FALLBACK_ZONE = "UTC";

/** Whether this machine knows a zone by its IANA name, such as "Europe/Berlin". */
export function isZone(zone: string): boolean {
  return !Number.isNaN(tzOffset(zone, new Date(0)));
}

/**
 * Finds when a time of the day comes next in a zone: today, or tomorrow where it has passed.
 *
 * Where clocks change it takes what most people mean: a time that is jumped over comes after the jump by as much, and
 * of a time that comes twice the first.
 *
 * @param zone an IANA name that `isZone` knows
 * @source RFC 5545, section 3.3.5 (FORM #3), which decides both cases in this way
 * @example
 * // 18:30 UTC on the 21st of November is 19:30 in Berlin.
 * nextTime({ hour: 20, minute: 0 }, "Europe/Berlin", Date.UTC(2026, 10, 21, 18, 30));
 * // { atMs: Date.UTC(2026, 10, 21, 19, 0), shift: null, isLaterDay: false }
 */
export function nextTime(clock: WallClock, zone: string, nowMs: number): NextTime {
  const todayMs = Math.floor((nowMs + offsetMs(zone, nowMs)) / DAY_MS) * DAY_MS;
  const sinceMidnightMs = (clock.hour * 60 + clock.minute) * MINUTE_MS;
  // Two days on there is one for certain, however clocks change.
  for (let day = 0; day <= 2; day += 1) {
    const { moments, shift } = momentsOf(todayMs + day * DAY_MS + sinceMidnightMs, zone);
    const atMs = moments.find((moment) => moment > nowMs);
    if (atMs !== undefined) return { atMs, shift, isLaterDay: day > 0 };
  }
  throw new RangeError(`no ${clock.hour}:${clock.minute} is to come in ${zone}`);
}

/**
 * Finds the moments at which the clocks of a zone show a time: one, or two where they are put back.
 *
 * @param wallMs the date and time shown, as epoch ms as if it were UTC
 */
function momentsOf(
  wallMs: number,
  zone: string,
): { readonly moments: readonly number[]; readonly shift: NextTime["shift"] } {
  // Zones change at most once within a day, so these are the offsets on both sides of a change.
  const [before, after] = [offsetMs(zone, wallMs - DAY_MS), offsetMs(zone, wallMs + DAY_MS)];
  const shown = [...new Set([wallMs - before, wallMs - after])]
    .filter((moment) => moment + offsetMs(zone, moment) === wallMs)
    .sort((a, b) => a - b);
  if (shown.length === 0) return { moments: [wallMs - before], shift: "gap" };
  return { moments: shown, shift: shown.length > 1 ? "overlap" : null };
}

function offsetMs(zone: string, atMs: number): number {
  return tzOffset(zone, new Date(atMs)) * MINUTE_MS;
}

/** Writes a moment as the clocks of a zone show it: "2026-11-21 20:00". */
export function formatIn(zone: string, atMs: number): string {
  return format(atMs, "yyyy-MM-dd HH:mm", { in: tz(zone) });
}
