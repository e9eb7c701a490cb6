import type { FieldValue } from "./format.ts";

/** Gives a value as text; null for what stands for nothing: `-`, an empty text, a pair of quotes, null, an object. */
export function textOf(value: FieldValue): string | null {
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return String(value);
  if (typeof value !== "string" || NOTHING.has(value)) return null;
  return value;
}

/** Gives a number, also where it is written as text; null for anything else. */
export function numberOf(value: FieldValue): number | null {
  if (typeof value === "number") return Number.isFinite(value) ? value : null;
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "string" || value.length > MAX_DIGITS || !NUMBER.test(value)) return null;
  return Number(value);
}

/** Gives a status of HTTP; null for 0, `000`, `-` and what else has not three digits. */
export function statusOf(value: FieldValue): number | null {
  const status = wholeOf(value);
  return status !== null && status >= 100 && status <= 999 ? status : null;
}

/** Gives a count of bytes; null for `-` and what is no whole number. */
export function wholeOf(value: FieldValue): number | null {
  const number = numberOf(value);
  return number !== null && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

/**
 * Gives seconds, to the microsecond, from a number of units; null for negative numbers, which stand for "none".
 * A text with its own units, as Go writes durations (`1m2.5s`, `120µs`), goes by those.
 */
export function secsOf(value: FieldValue, unitSecs: number): number | null {
  const number = numberOf(value);
  const secs = number === null ? goDurationSecs(value) : number * unitSecs;
  return secs === null || secs < 0 ? null : toMicroseconds(secs);
}

/** Rounds seconds to what logs can tell, so that sums of them look as they would on paper. */
export function toMicroseconds(secs: number): number {
  return Math.round(secs * 1e6) / 1e6;
}

/** Gives an address without its brackets. */
export function withoutBrackets(address: string): string {
  return address.startsWith("[") && address.endsWith("]") ? address.slice(1, -1) : address;
}

/** Gives the address of `address:port`. Load balancers write IPv6 without brackets: the port is after the last colon. */
export function withoutPort(endpoint: string): string {
  return withoutBrackets(endpoint.replace(/:[\d-]*$/, ""));
}

const NOTHING: ReadonlySet<string> = new Set(["", "-", '""', '"-"']);
const NUMBER = /^[+-]?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?$/;
const MAX_DIGITS = 40;

const GO_DURATION = /^(?:\d+(?:\.\d+)?(?:h|ms|m|s|µs|μs|us|ns))+$/;
const GO_UNIT_SECS: Readonly<Record<string, number>> = {
  h: 3600,
  m: 60,
  s: 1,
  ms: 1e-3,
  µs: 1e-6,
  μs: 1e-6,
  us: 1e-6,
  ns: 1e-9,
};

function goDurationSecs(value: FieldValue): number | null {
  if (typeof value !== "string" || value.length > MAX_DIGITS || !GO_DURATION.test(value)) return null;
  const pieces = value.matchAll(/([\d.]+)(\D+)/g);
  return [...pieces].reduce((sum, [, count, unit = ""]) => sum + Number(count) * (GO_UNIT_SECS[unit] ?? 0), 0);
}
