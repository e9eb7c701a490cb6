import type { TimeNotation } from "./line-template.ts";
import { isPlausibleTime } from "./plausible-time.ts";

const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DATE = /^(\d{4})-(\d\d)-(\d\d)$/;
const CLOCK = /^(\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?$/;
const ISO = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(?:Z| ?UTC| ?([+-])(\d\d)(?::?(\d\d))?)?$/;
const CLF = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4})[: ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))? ?([+-])(\d\d)(\d\d)$/;
const EPOCH = /^(\d{1,19})(?:\.(\d{1,9}))?$/;

/** The notations that tell a time in one field. */
export type WholeTimeNotation = Exclude<TimeNotation, "date" | "clock">;

/**
 * Reads a logged time into epoch ms; null for what is no such time, for days that no calendar has (30 February) and
 * for years before 1991 or from 2100 on.
 *
 * Whole milliseconds: what is finer is cut off, not rounded. A leap second is the first of the next minute.
 */
export function parseTime(text: string, as: WholeTimeNotation): number | null {
  for (const known of lastTwo) if (text === known.text && as === known.as) return known.timeMs;
  const parsed = PARSERS[as](text);
  const timeMs = parsed !== null && isPlausibleTime(parsed) ? parsed : null;
  lastTwo = [{ text, as, timeMs }, lastTwo[0]];
  return timeMs;
}

interface KnownTime {
  readonly text: string;
  readonly as: WholeTimeNotation;
  readonly timeMs: number | null;
}

const NO_TEXT: KnownTime = { text: "", as: "iso", timeMs: null };
/** Lines have up to two times, which are looked at to tell where they end, and again for what they say. */
let lastTwo: readonly [KnownTime, KnownTime] = [NO_TEXT, NO_TEXT];

/** Reads `2026-10-01` into the epoch ms of its midnight, UTC. */
export function parseDate(text: string): number | null {
  const [, year, month, day] = DATE.exec(text) ?? [];
  return midnightOf(Number(year), Number(month) - 1, Number(day));
}

/** Reads `12:00:00`, with any fraction or none, into ms since midnight. */
export function parseClock(text: string): number | null {
  const [, hour, minute, second, fraction] = CLOCK.exec(text) ?? [];
  return clockOf(hour, minute, second, fraction);
}

const PARSERS: Readonly<Record<WholeTimeNotation, (text: string) => number | null>> = {
  iso: (text) => {
    const match = ISO.exec(text);
    if (match === null) return null;
    const [, year, month, day, hour, minute, second, fraction, sign, hours, minutes] = match;
    const midnightMs = midnightOf(Number(year), Number(month) - 1, Number(day));
    return timeOf(midnightMs, clockOf(hour, minute, second, fraction), offsetOf(sign, hours, minutes));
  },
  clf: (text) => {
    const match = CLF.exec(text);
    if (match === null) return null;
    const [, day, month = "", year, hour, minute, second, fraction, sign, hours, minutes] = match;
    const midnightMs = midnightOf(Number(year), MONTHS.indexOf(month), Number(day));
    return timeOf(midnightMs, clockOf(hour, minute, second, fraction), offsetOf(sign, hours, minutes));
  },
  "epoch-secs": readEpoch,
  "epoch-ms": readEpoch,
};

/**
 * How many ms one unit of a count since 1970 is: no count of seconds within HTTP's lifetime is as large as one of
 * milliseconds, and so on to nanoseconds, so that servers may be told to write either.
 */
export function epochUnitMs(count: number): number {
  if (count >= 1e17) return 1e-6;
  if (count >= 1e14) return 1e-3;
  return count >= 1e11 ? 1 : 1_000;
}

function readEpoch(text: string): number | null {
  const [, whole, fraction] = EPOCH.exec(text) ?? [];
  if (whole === undefined) return null;
  const unitMs = epochUnitMs(Number(whole));
  if (unitMs === 1_000) return Number(whole) * 1_000 + millisecondsOf(fraction);
  // By its digits: a count of nanoseconds has more of them than a number.
  return Number(whole.slice(0, whole.length + Math.round(Math.log10(unitMs))));
}

function timeOf(midnightMs: number | null, clockMs: number | null, offsetMs: number | null): number | null {
  return midnightMs === null || clockMs === null || offsetMs === null ? null : midnightMs + clockMs - offsetMs;
}

/** Null for a day that is not there, which Date would take for one of the next month. */
function midnightOf(year: number, month: number, day: number): number | null {
  return day >= 1 && day <= daysIn(year, month) ? Date.UTC(year, month, day) : null;
}

/** None for what is no month. */
function daysIn(year: number, month: number): number {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return month === 1 && isLeap ? 29 : (DAYS[month] ?? 0);
}

function clockOf(hour?: string, minute?: string, second?: string, fraction?: string): number | null {
  const [hours, minutes, seconds] = [Number(hour), Number(minute), Number(second)];
  if (!(hours <= 23 && minutes <= 59 && seconds <= 60)) return null;
  return ((hours * 60 + minutes) * 60 + seconds) * 1_000 + millisecondsOf(fraction);
}

/** What local time is ahead of UTC; 0 where the text has no offset. */
function offsetOf(sign?: string, hours?: string, minutes = "00"): number | null {
  if (sign === undefined) return 0;
  if (Number(hours) > 23 || Number(minutes) > 59) return null;
  const offsetMs = (Number(hours) * 60 + Number(minutes)) * 60_000;
  return sign === "-" ? -offsetMs : offsetMs;
}

function millisecondsOf(fraction = ""): number {
  return Number(fraction.slice(0, 3).padEnd(3, "0"));
}
