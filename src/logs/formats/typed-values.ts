/** What values of objects and tables mean, which may be numbers and times where lines have texts. */
import { knownOrNull, roundSecs, secsOf } from "./field-values.ts";
import type { FieldValue } from "./format.ts";
import { epochUnitMs, parseTime, type WholeTimeNotation } from "./logged-time.ts";
import { isPlausibleTime } from "./plausible-time.ts";

/** Gives a value as text; null for what stands for nothing: `-`, an empty text, a pair of quotes, null, an object. */
export function textOfValue(value: FieldValue): string | null {
  if (typeof value === "string") return value === '""' || value === '"-"' ? null : knownOrNull(value);
  return typeof value === "number" || typeof value === "bigint" || typeof value === "boolean" ? String(value) : null;
}

/** Gives seconds, as `secsOf` does, from a number of units or the text of one. */
export function secsOfValue(value: FieldValue, unitSecs: number): number | null {
  if (typeof value === "string") return secsOf(value, unitSecs);
  if (typeof value !== "number" && typeof value !== "bigint") return null;
  const secs = Number(value) * unitSecs;
  return Number.isFinite(secs) && secs >= 0 ? roundSecs(secs) : null;
}

/**
 * Gives a time as epoch ms, without what is finer; null where it is none, or none of HTTP's lifetime.
 * Servers can be told to write ISO times where they write numbers by default, and tables hold either: both are read.
 */
export function timeOfValue(value: FieldValue, as: WholeTimeNotation): number | null {
  if (typeof value === "string") return parseTime(value, as) ?? otherTimeOf(value);
  if (value instanceof Date) return plausible(value.getTime());
  return typeof value === "number" || typeof value === "bigint" ? plausible(epochMs(Number(value))) : null;
}

function otherTimeOf(text: string): number | null {
  return (
    parseTime(text.replace(SLASHED, "$1-$2-$3 "), "iso") ?? parseTime(text, "clf") ?? parseTime(text, "epoch-secs")
  );
}

/** Caddy's `wall` has slashes. */
const SLASHED = /^(\d{4})\/(\d\d)\/(\d\d) /;

function epochMs(count: number): number {
  // Adding up binary fractions gives 122.9999 for 123 ms.
  return Math.floor(Number((count * epochUnitMs(count)).toFixed(3)));
}

function plausible(timeMs: number): number | null {
  return isPlausibleTime(timeMs) ? timeMs : null;
}
