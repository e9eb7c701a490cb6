import { contains, parseNetwork } from "./address.ts";
import { poissonLlr } from "./poisson.ts";
import { sum, weightedMedian } from "./robust.ts";
import { minutesIn } from "./time-window.ts";
import type { Breakdown, Dimension, DimensionBreakdown, SliceRow } from "./traffic.ts";
import { busierRatio } from "./typical-client.ts";

/** What every slice is held against. */
export interface Comparison {
  /** Length of the spike's window over that of the baseline; what turns baseline counts into expected ones. */
  readonly timeFactor: number;
  /** Requests that the baseline makes expect in the spike. */
  readonly expected: number;
  /** Requests beyond that; 0 or negative where there is no spike. */
  readonly excess: number;
  /** Counted over expected; 0 without a baseline. */
  readonly ratio: number;
  /** By how much traffic grew that is nobody's in particular. */
  readonly commonRatio: number;
  /** How many times as much the typical client sends; at least 1. */
  readonly busierRatio: number;
}

/** A value of a dimension that sends far more than its share. */
export interface GuiltySlice {
  readonly dimension: Dimension;
  readonly row: SliceRow;
  /** Requests beyond what it would have sent at the common ratio. */
  readonly excess: number;
  /** Of all excess requests; above 1 where others fell. */
  readonly excessShare: number;
  /** Its requests over those of the heaviest clients that are usual, or over its own where it is one of them. */
  readonly timesUsual: number;
}

/** Relates the two windows of a breakdown to each other. */
export function compareWindows(breakdown: Breakdown): Comparison {
  const baselineMins = minutesIn(breakdown.baselineWindow);
  const timeFactor = baselineMins > 0 ? minutesIn(breakdown.spikeWindow) / baselineMins : 0;
  const expected = breakdown.baseline.requests * timeFactor;
  const ratio = expected > 0 ? breakdown.spike.requests / expected : 0;
  return {
    timeFactor,
    expected,
    excess: breakdown.spike.requests - expected,
    ratio,
    commonRatio: commonRatio(breakdown, timeFactor, ratio),
    busierRatio: busierRatio(breakdown),
  };
}

/** Dimensions whose values are there in every window, so that typical growth can be read from them. */
const LASTING: readonly Dimension[] = ["userAgent", "pathTemplate", "host", "refererHost", "status"];
/** Clients come and go; they tell the typical growth only where most of them stayed. */
const COMING_AND_GOING: readonly Dimension[] = ["ip", "net"];
const MOST = 0.8;

/**
 * Gives the growth of the typical value, of that dimension where it is least: a crawler lifts every path, but not every
 * user agent. Where all dimensions grew alike, so did everybody.
 */
function commonRatio(breakdown: Breakdown, timeFactor: number, ratio: number): number {
  const typical = [...LASTING, ...COMING_AND_GOING].flatMap((dimension) => {
    const known = (breakdown.by[dimension]?.rows ?? []).filter((row) => row.baseline.requests > 0);
    const all = sum(known.map((row) => row.baseline.requests)) * timeFactor;
    const stayed = sum(known.filter((row) => row.spike.requests > 0).map((row) => row.baseline.requests)) * timeFactor;
    if (all <= 0 || (COMING_AND_GOING.includes(dimension) && stayed < MOST * all)) return [];
    return [weightedMedian(known.map((row) => growthOf(row, timeFactor)))];
  });
  return typical.length === 0 ? Math.min(1, ratio) : Math.min(ratio, ...typical);
}

function growthOf(row: SliceRow, timeFactor: number): { value: number; weight: number } {
  const expected = row.baseline.requests * timeFactor;
  return { value: row.spike.requests / expected, weight: expected };
}

/** A fiftieth of the excess each: below that, one would have to block hundreds to feel it. */
const MIN_CLIENT_SHARE = 0.02;
/** So far above the heaviest of the usual clients nobody gets by a busy hour. */
const MIN_TIMES_USUAL = 2;
/** Clients send in sessions, so that their counts vary more than Poisson counts; φ of single clients in real logs. */
const CLIENT_DISPERSION = 10;
/** In nats beyond chance among all values. */
const MIN_GAIN = 3;
/** An address with so much of the usual traffic is no client: behind it, a proxy's, are all of them. */
export const EVERYBODY_SHARE = 0.9;
/** A site's one or two giants (its own monitor, an office behind one address) do not make heaviness usual. */
const USUAL_HEAVY_RANK = 3;

/**
 * Finds clients and networks that carry the excess, the largest first; empty where everybody grew in proportion.
 *
 * A newcomer is held against the heaviest usual clients, since many a client is new in any hour. A network is named only
 * for what its named addresses leave unexplained. Linear in rows but for one sort.
 *
 * @source Kulldorff (1997), the population-based scan: what grew with everybody else is no excess of its own
 */
export function findGuiltyClients(breakdown: Breakdown, comparison: Comparison): readonly GuiltySlice[] {
  if (comparison.excess <= 0) return [];
  const addresses = withoutScattered(heavyRows("ip", breakdown.by.ip, comparison));
  const subnets = networksBeyond("subnet", addresses, breakdown, comparison);
  const networks = networksBeyond("net", [...addresses, ...subnets], breakdown, comparison);
  // What a named network takes in is not named again.
  const narrow = [...addresses.filter(isInNone(subnets)), ...subnets].filter(isInNone(networks));
  return [...narrow, ...networks].sort((a, b) => b.excess - a.excess || (a.row.value < b.row.value ? -1 : 1));
}

/** Of the excess: one that carries less is nobody's trouble, unless it is one of several. */
const LARGE_CLIENT_SHARE = 0.05;
const MIN_TOGETHER = 0.15;

/** Leaves out small ones that do not carry much together either: visitors whom a busy hour made restless. */
function withoutScattered(clients: readonly GuiltySlice[]): readonly GuiltySlice[] {
  const small = clients.filter(({ excessShare }) => excessShare < LARGE_CLIENT_SHARE);
  if (sum(small.map(({ excessShare }) => excessShare)) >= MIN_TOGETHER) return clients;
  return clients.filter(({ excessShare }) => excessShare >= LARGE_CLIENT_SHARE);
}

/** Networks that carry far more than what is already known in them. */
function networksBeyond(
  dimension: "subnet" | "net",
  known: readonly GuiltySlice[],
  breakdown: Breakdown,
  comparison: Comparison,
): readonly GuiltySlice[] {
  return heavyRows(dimension, breakdown.by[dimension], comparison).filter((network) => {
    const explained = sum(known.filter(isIn(network)).map((slice) => slice.excess));
    const unexplained = network.excess - explained;
    return parseNetwork(network.row.value).ok && unexplained >= MIN_NETWORK_SHARE * comparison.excess;
  });
}

function isInNone(networks: readonly GuiltySlice[]): (slice: GuiltySlice) => boolean {
  return (slice) => !networks.some((network) => isIn(network)(slice));
}

function isIn(network: GuiltySlice): (address: GuiltySlice) => boolean {
  return (address) => contains(network.row.value, address.row.value);
}

/** A network takes bystanders with it, and must carry more to be named. */
const MIN_NETWORK_SHARE = 0.2;

function heavyRows(
  dimension: Dimension,
  breakdown: DimensionBreakdown | undefined,
  { timeFactor, commonRatio, busierRatio, excess: total, expected }: Comparison,
): readonly GuiltySlice[] {
  if (breakdown === undefined) return [];
  const growth = Math.max(1, commonRatio, busierRatio);
  // Between one that was there all the time and one that came once, as long as either window lasted.
  const usualHeavy = Math.max(timeFactor, Math.sqrt(timeFactor)) * usualHeavyRequests(breakdown.rows);
  const chance = Math.log(Math.max(1, breakdown.distinct));
  return breakdown.rows.flatMap((row) => {
    const count = row.spike.requests;
    const excess = count - commonRatio * timeFactor * row.baseline.requests;
    const usual = Math.max(1, growth * Math.max(timeFactor * row.baseline.requests, usualHeavy));
    // Where everybody sends each request k times, counts vary k times as much, too.
    const gain = poissonLlr(count, usual) / (CLIENT_DISPERSION * busierRatio) - chance;
    const isGuilty = excess >= MIN_CLIENT_SHARE * total && count >= MIN_TIMES_USUAL * usual && gain >= MIN_GAIN;
    const isEverybody = expected > 0 && row.baseline.requests * timeFactor > EVERYBODY_SHARE * expected;
    return isGuilty && !isEverybody
      ? [{ dimension, row, excess, excessShare: excess / total, timesUsual: count / usual }]
      : [];
  });
}

function usualHeavyRequests(rows: readonly SliceRow[]): number {
  const counts = rows.map((row) => row.baseline.requests).sort((a, b) => b - a);
  return counts[USUAL_HEAVY_RANK - 1] ?? 0;
}

/** Half as much again as everything grew: less is in proportion. */
const MIN_OVER_TOTAL_RATIO = 1.5;

/**
 * Finds the value of a dimension that grew far more than the whole and carries most of the excess; null where none is.
 *
 * `minShare` is of all excess. What took no part before counts as one request, so that newcomers qualify.
 */
export function leadingSlice(
  breakdown: Breakdown,
  comparison: Comparison,
  dimension: Dimension,
  minShare: number,
): { readonly row: SliceRow; readonly excessShare: number } | null {
  const { timeFactor, commonRatio, excess: total, ratio } = comparison;
  let leading: { row: SliceRow; excessShare: number } | null = null;
  if (total <= 0) return null;
  for (const row of breakdown.by[dimension]?.rows ?? []) {
    const expected = Math.max(1, timeFactor * row.baseline.requests);
    const excessShare = (row.spike.requests - commonRatio * timeFactor * row.baseline.requests) / total;
    const isAhead = row.spike.requests >= MIN_OVER_TOTAL_RATIO * ratio * expected;
    if (isAhead && excessShare >= minShare && excessShare > (leading?.excessShare ?? 0)) leading = { row, excessShare };
  }
  return leading;
}
