const UNIT_SECS = { d: 86_400, h: 3_600, min: 60, s: 1 } as const;

/**
 * Writes a span of time for people, in its two largest units; never wraps at a day.
 *
 * @example
 * formatDuration(7_200);  // "2 h"
 * formatDuration(5_400);  // "1 h 30 min"
 */
export function formatDuration(durationSecs: number): string {
  let left = Math.round(Math.abs(durationSecs));
  const parts: string[] = [];
  for (const [unit, unitSecs] of Object.entries(UNIT_SECS)) {
    const count = Math.floor(left / unitSecs);
    left -= count * unitSecs;
    if (count > 0) parts.push(`${count} ${unit}`);
    // "3 d" is precise enough for something that also took 12 s.
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.length === 0 ? "0 s" : `${durationSecs < 0 ? "−" : ""}${parts.join(" ")}`;
}

const UNIT_WORDS: Readonly<Record<string, number>> = {
  s: 1,
  sec: 1,
  secs: 1,
  second: 1,
  seconds: 1,
  m: 60,
  min: 60,
  mins: 60,
  minute: 60,
  minutes: 60,
  h: 3_600,
  hr: 3_600,
  hrs: 3_600,
  hour: 3_600,
  hours: 3_600,
  d: 86_400,
  day: 86_400,
  days: 86_400,
};

/**
 * Reads a span of time as people type it, in seconds; null where it is none or is zero.
 *
 * @example
 * parseDuration("1h30m");       // 5_400
 * parseDuration("90 minutes");  // 5_400
 */
export function parseDuration(text: string): number | null {
  const compact = text.trim().toLowerCase();
  if (!/^(\d{1,9}\s*[a-z]+\s*)+$/.test(compact)) return null;
  let totalSecs = 0;
  for (const [, count = "", unit = ""] of compact.matchAll(/(\d+)\s*([a-z]+)/g)) {
    const unitSecs = Object.hasOwn(UNIT_WORDS, unit) ? UNIT_WORDS[unit] : undefined;
    if (unitSecs === undefined) return null;
    totalSecs += Number(count) * unitSecs;
  }
  return totalSecs > 0 ? totalSecs : null;
}
