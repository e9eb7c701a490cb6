/** What values of objects and tables mean, which may be numbers and times where lines have texts. */
import { knownOrNull, roundSecs, secsOf } from "./field-values.ts";
import type { FieldValue } from "./format.ts";
import { parseTime, type WholeTimeNotation } from "./logged-time.ts";
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
  if (typeof value === "string") return parseTime(value, as) ?? parseTime(value, "iso") ?? numberAsTime(value, as);
  if (value instanceof Date) return plausible(value.getTime());
  return typeof value === "number" || typeof value === "bigint" ? plausible(epochMs(Number(value), as)) : null;
}

const NUMBER = /^\d{1,20}(?:\.\d{1,9})?$/;

function numberAsTime(text: string, as: WholeTimeNotation): number | null {
  return NUMBER.test(text) ? plausible(epochMs(Number(text), as)) : null;
}

function epochMs(number: number, as: WholeTimeNotation): number {
  // Adding up binary fractions gives 122.9999 for 123 ms.
  return Math.floor(Number((number * unitMs(number, as)).toFixed(3)));
}

/** Tables store times as counts of seconds, or thousandths, millionths or billionths of them. */
function unitMs(number: number, as: WholeTimeNotation): number {
  if (as === "epoch-secs") return 1_000;
  if (as === "epoch-ms") return 1;
  if (number >= 1e17) return 1e-6;
  if (number >= 1e14) return 1e-3;
  return number >= 1e11 ? 1 : 1_000;
}

function plausible(timeMs: number): number | null {
  return isPlausibleTime(timeMs) ? timeMs : null;
}
