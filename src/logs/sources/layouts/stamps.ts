/** Moments as they stand in the names of log files; all UTC. */

/** The days (hours, …) that a window touches, as their starts, oldest first. */
export function stepsOf(startMs: number, endMs: number, stepMs: number): readonly number[] {
  const first = floorTo(startMs, stepMs);
  const count = Math.max(0, Math.ceil((endMs - first) / stepMs));
  return Array.from({ length: count }, (_, index) => first + index * stepMs);
}

/** Rounds down to a multiple since 1970: to a minute, an hour, a day. */
export function floorTo(ms: number, stepMs: number): number {
  return Math.floor(ms / stepMs) * stepMs;
}

/** Rounds up to a multiple since 1970. */
export function ceilTo(ms: number, stepMs: number): number {
  return Math.ceil(ms / stepMs) * stepMs;
}

/** `20261001T2340`. */
export function compactStamp(ms: number): string {
  return iso(ms, 16).replaceAll(/[-:]/g, "");
}

/** `2026/10/01`, and with more parts `2026/10/01/23` and `2026/10/01/23/40`. */
export function slashStamp(ms: number, parts: 3 | 4 | 5): string {
  return iso(ms, PART_LENGTHS[parts]).replaceAll(/[-:T]/g, "/");
}

/** `2026-10-01-23`, and with more parts `2026-10-01-23-40-00`. */
export function dashStamp(ms: number, parts: 3 | 4 | 6): string {
  return iso(ms, PART_LENGTHS[parts]).replaceAll(/[:T]/g, "-");
}

/**
 * Gives the moment that year, month, day and perhaps more name; null where there is none such (month 13, 30 February),
 * which a name of another making may well hold.
 */
export function momentOf(parts: readonly (string | undefined)[]): number | null {
  const [year = Number.NaN, month = 1, day = 1, hour = 0, minute = 0, second = 0] = parts.map(Number);
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  if (Number.isNaN(ms)) return null;
  const read = new Date(ms);
  const isSame = read.getUTCMonth() === month - 1 && read.getUTCDate() === day && read.getUTCHours() === hour;
  return isSame && read.getUTCMinutes() === minute ? ms : null;
}

/** How much of `2026-10-01T23:40:00` so many parts are. */
const PART_LENGTHS = { 3: 10, 4: 13, 5: 16, 6: 19 } as const;

function iso(ms: number, length: number): string {
  return new Date(ms).toISOString().slice(0, length);
}
