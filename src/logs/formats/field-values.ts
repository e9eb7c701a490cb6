/** What the text of one field means, where `-` and nothing at all mean that the line does not tell. */

/** How nginx parts the servers that it asked one after another; ` : ` where it was sent elsewhere in between. */
const BETWEEN_SERVERS = /, | : /;
const NUMBER = /^\d{1,15}(?:\.\d{1,20})?$/;

/** Gives null for `-` and for an empty field. */
export function knownOrNull(text: string): string | null {
  return text === "-" || text === "" ? null : text;
}

/** Three digits from 100 on; null for all else, as for `000`, which says that nothing was answered. */
export function statusOf(text: string): number | null {
  return /^[1-9]\d\d$/.test(text) ? Number(text) : null;
}

/** Up to 15 digits, which a number holds exactly; null for all else, as for `-1`. */
export function bytesOf(text: string): number | null {
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

/**
 * Adds up the numbers of a field such as `0.004`, `0.001, - : 0.002` or `-1`, and gives seconds; null where none of
 * them is known. Negative ones are unknown. Numbers with units of their own, as Go writes them (`1m2.5s`, `120µs`), go
 * by those.
 */
export function secsOf(text: string, unitSecs: number): number | null {
  if (NUMBER.test(text)) return roundSecs(Number(text) * unitSecs);
  const known = text
    .split(BETWEEN_SERVERS)
    .map((item) => (NUMBER.test(item) ? Number(item) * unitSecs : goDurationSecs(item)))
    .filter((secs) => secs !== null);
  return known.length === 0 ? null : roundSecs(known.reduce((sum, secs) => sum + secs, 0));
}

/** To 6 decimals: finer than any log, and coarser than what adding up leaves behind. */
export function roundSecs(secs: number): number {
  return Math.round(secs * 1e6) / 1e6;
}

/** An address or a name, without the brackets that some put around IPv6. */
export function clientOf(text: string): string | null {
  return knownOrNull(text.startsWith("[") && text.endsWith("]") ? text.slice(1, -1) : text);
}

/** The same, with a port after the last colon: load balancers write IPv6 addresses without brackets. A port alone is none. */
export function clientWithPortOf(text: string): string | null {
  return /^\d*$/.test(text) ? null : clientOf(text.replace(/:\d*-?$/, ""));
}

/** Where nginx asked several servers, the one that answered is the last. */
export function targetOf(text: string): string | null {
  return (
    text
      .split(BETWEEN_SERVERS)
      .map(knownOrNull)
      .findLast((item) => item !== null) ?? null
  );
}

const MAX_DURATION = 40;
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

function goDurationSecs(text: string): number | null {
  if (text.length > MAX_DURATION || !GO_DURATION.test(text)) return null;
  const pieces = text.matchAll(/([\d.]+)(\D+)/g);
  return [...pieces].reduce((sum, [, count, unit = ""]) => sum + Number(count) * (GO_UNIT_SECS[unit] ?? 0), 0);
}
