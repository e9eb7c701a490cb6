import { formatShare } from "./quantity.ts";
import { sum } from "./robust.ts";
import type { Latency, LegCounts, Legs } from "./traffic.ts";

/** A leg of a duration: what is left when `total` or `backend` is taken apart. */
export type Leg = Exclude<Latency, "total">;

/** How much longer a request takes in one leg, on average. */
export interface LegRise {
  readonly leg: Leg;
  /** Seconds a request of all that were measured, those without this leg included. */
  readonly baselineSecs: number;
  readonly spikeSecs: number;
  /** Spike less baseline; negative where it became quicker. */
  readonly riseSecs: number;
}

/** Where the seconds went by which requests take longer. `riseSecs` = rises of the legs + `unaccountedSecs`. */
export interface LatencyRise {
  /** What was taken apart: the whole, or where the log does not give that, what the servers behind took. */
  readonly of: "total" | "backend";
  readonly baselineSecs: number;
  readonly spikeSecs: number;
  readonly riseSecs: number;
  /** In the order in which a request goes through them. */
  readonly legs: readonly LegRise[];
  /** What no known leg tells of the rise; all of it where there are none. */
  readonly unaccountedSecs: number;
  /** The leg that rose most, and its share of the rise: above 1 where others fell. Null where nothing rose. */
  readonly guilty: { readonly leg: Leg; readonly share: number } | null;
}

const SERVER_LEGS: readonly Leg[] = ["connect", "firstByte", "body"];

/**
 * Divides by how much longer requests take, on average, among the legs of their way; null where one of the windows has
 * neither a total nor the seconds of the servers behind.
 *
 * A leg's seconds are shared among all requests measured, so that they add up; where fewer requests go that way (more
 * are answered by a cache), its mean falls. The server's part is taken apart where all of its legs are known.
 *
 * @source nginx's `$upstream_connect_time`, `$upstream_header_time`, `$upstream_response_time`, `$request_time`:
 *   https://nginx.org/en/docs/http/ngx_http_upstream_module.html#var_upstream_connect_time
 */
export function explainLatency(legs: Legs): LatencyRise | null {
  const of = isKnown(legs.total) ? "total" : "backend";
  const whole = legs[of];
  if (!isKnown(whole)) return null;
  const server: readonly Leg[] = SERVER_LEGS.every((leg) => isKnown(legs[leg])) ? SERVER_LEGS : ["backend"];
  const parts = of === "total" ? [...server, "client" as const] : server.filter((leg) => leg !== "backend");
  const rises = parts.flatMap((leg) => {
    const counts = legs[leg];
    return isKnown(counts) ? [riseOf(leg, counts, whole)] : [];
  });
  const baselineSecs = whole.baseline.secs / whole.baseline.known;
  const spikeSecs = whole.spike.secs / whole.spike.known;
  const riseSecs = spikeSecs - baselineSecs;
  return {
    of,
    baselineSecs,
    spikeSecs,
    riseSecs,
    legs: rises,
    unaccountedSecs: riseSecs - sum(rises.map((rise) => rise.riseSecs)),
    guilty: guiltyOf(rises, riseSecs),
  };
}

type TwoWindows = { readonly baseline: LegCounts; readonly spike: LegCounts };

function isKnown(counts: TwoWindows | undefined): counts is TwoWindows {
  return counts !== undefined && counts.baseline.known > 0 && counts.spike.known > 0;
}

function riseOf(leg: Leg, counts: TwoWindows, whole: TwoWindows): LegRise {
  const baselineSecs = counts.baseline.secs / whole.baseline.known;
  const spikeSecs = counts.spike.secs / whole.spike.known;
  return { leg, baselineSecs, spikeSecs, riseSecs: spikeSecs - baselineSecs };
}

function guiltyOf(rises: readonly LegRise[], riseSecs: number): LatencyRise["guilty"] {
  const [first] = [...rises].sort((a, b) => b.riseSecs - a.riseSecs);
  if (first === undefined || riseSecs <= 0 || first.riseSecs <= 0) return null;
  return { leg: first.leg, share: first.riseSecs / riseSecs };
}

/** What happens in a leg, in words that stand after "is". */
const LEG_WORDS: Readonly<Record<Leg, string>> = {
  connect: "connecting to the servers behind",
  firstByte: "waiting for the first byte of the servers behind",
  body: "waiting for the rest of the servers' answers",
  backend: "waiting for the servers behind",
  client: "sending answers to clients",
};

/**
 * Says which leg explains the rise, in one sentence.
 *
 * @example
 * // "A request takes 1.2 s, 900 ms more than before: 94 % of that is connecting to the servers behind."
 */
export function describeLatencyRise(rise: LatencyRise): string {
  const { spikeSecs, riseSecs, guilty } = rise;
  const what = rise.of === "total" ? "A request takes" : "The servers behind take";
  const more = `${formatSecs(Math.abs(riseSecs))} ${riseSecs < 0 ? "less" : "more"} than before`;
  const level = `${what} ${formatSecs(spikeSecs)}, ${more}`;
  if (guilty === null) return riseSecs > 0 ? `${level}; no leg that is logged tells why.` : `${level}.`;
  return `${level}: ${guilty.share >= 0.995 ? "all" : formatShare(guilty.share)} of that is ${LEG_WORDS[guilty.leg]}.`;
}

function formatSecs(secs: number): string {
  return secs < 1 ? `${Math.round(secs * 1_000)} ms` : `${secs.toFixed(1)} s`;
}
