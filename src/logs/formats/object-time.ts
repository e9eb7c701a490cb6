import type { FieldValue } from "./format.ts";
import type { TimeNotation } from "./line-template.ts";
import { numberOf } from "./object-values.ts";
import { isPlausibleTime } from "./plausible-time.ts";

/**
 * Gives a time as epoch ms, without what is finer; null where it is none, or none of HTTP's lifetime.
 * Servers can be told to write ISO times where they write numbers by default, and tables hold either: both are read.
 */
export function timeOf(value: FieldValue, as: Exclude<TimeNotation, "date" | "clock">): number | null {
  const timeMs = value instanceof Date ? value.getTime() : (epochMs(value, as) ?? textMs(value, as));
  return timeMs !== null && isPlausibleTime(timeMs) ? timeMs : null;
}

/** Gives the time of a date and a time of day that are logged apart, in UTC. */
export function timeOfParts(date: FieldValue, clock: FieldValue): number | null {
  return typeof date === "string" && typeof clock === "string" ? timeOf(`${date}T${clock}Z`, "iso") : null;
}

const ISO = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d{1,9}))?\s?(Z|UTC|[+-]\d\d:?\d\d)?$/i;
const CLF = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(?: ([+-]\d\d)(\d\d))?$/;
const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

function epochMs(value: FieldValue, as: TimeNotation): number | null {
  const number = numberOf(value);
  if (number === null) return null;
  // Adding up binary fractions gives 122.9999 for 123 ms.
  return Math.floor(Number((number * unitMs(number, as)).toFixed(3)));
}

/** Tables store times as counts of seconds, or thousandths, millionths or billionths of them. */
function unitMs(number: number, as: TimeNotation): number {
  if (as === "epoch-secs") return 1000;
  if (as === "epoch-ms") return 1;
  if (number >= 1e17) return 1e-6;
  if (number >= 1e14) return 1e-3;
  return number >= 1e11 ? 1 : 1000;
}

function textMs(value: FieldValue, as: TimeNotation): number | null {
  if (typeof value !== "string" || value.length > 40) return null;
  return as === "clf" ? clfMs(value) : isoMs(value);
}

function isoMs(text: string): number | null {
  const [, date, clock, fraction = "", zone = "Z"] = ISO.exec(text) ?? [];
  if (date === undefined) return null;
  return parse(`${date}T${clock}.${toMillis(fraction)}${/\d/.test(zone) ? zone : "Z"}`);
}

function clfMs(text: string): number | null {
  const [, day, name = "", year, clock, fraction = "", hours = "+00", minutes = "00"] = CLF.exec(text) ?? [];
  const month = MONTHS.indexOf(name) / 3 + 1;
  if (day === undefined || !Number.isInteger(month) || month < 1) return null;
  return parse(`${year}-${String(month).padStart(2, "0")}-${day}T${clock}.${toMillis(fraction)}${hours}:${minutes}`);
}

function toMillis(fraction: string): string {
  return fraction.slice(0, 3).padEnd(3, "0");
}

function parse(iso: string): number | null {
  const timeMs = Date.parse(iso);
  return Number.isNaN(timeMs) ? null : timeMs;
}
