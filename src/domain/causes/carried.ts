import type { CarrierSlice } from "../carriers.ts";
import type { SliceValues } from "../cube.ts";
import { askedPages, goneFastAnswers } from "../fast-answers.ts";
import { formatShare, shortenForeign } from "../quantity.ts";
import type { Dimension } from "../traffic.ts";
import type { Scene } from "./scene.ts";

/** Finds the slice that carries at least so much of an excess and is told by none but these dimensions; null for none. */
export function carriedBy(
  carriers: readonly CarrierSlice[],
  dimensions: readonly Dimension[],
  minShare: number,
): CarrierSlice | null {
  return (
    carriers.find(
      ({ values, excessShare }) =>
        excessShare >= minShare && Object.keys(values).every((name) => dimensions.includes(name as Dimension)),
    ) ?? null
  );
}

const NOUNS: Readonly<Partial<Record<Dimension, string>>> = {
  ip: "address",
  net: "network",
  subnet: "network",
  wideNet: "network",
  userAgent: "user agent",
  pathTemplate: "path",
  host: "host",
  refererHost: "referer",
  queryShape: "query",
  target: "target",
  status: "status",
};

/** "path /search, query q={random}"; empty for no value. */
export function carrierText(values: SliceValues): string {
  return Object.entries(values)
    .map(([dimension, value]) => `${NOUNS[dimension as Dimension] ?? dimension} ${shortenForeign(value)}`)
    .join(", ");
}

/** Finds the kind of request that carries the work of the servers behind; null for none. */
export function costlyPattern(carriers: readonly CarrierSlice[]): CarrierSlice | null {
  return carriedBy(carriers, ["queryShape", "pathTemplate", "host", "refererHost"], 0.4);
}

/** What tells that a cache answers less than it did. */
export interface CacheSign {
  readonly value: number;
  readonly statement: string;
  /** How many times as much of it goes past the cache as did; null where only fast answers are gone. */
  readonly growth: number | null;
}

/**
 * Finds the sign that what carries the additional seconds passes the cache by: the cache's word, requests that reach the
 * servers behind, or else fast answers that are gone; null for none.
 */
export function cacheSign({ observations: { pages } }: Scene, carrier: CarrierSlice | null): CacheSign | null {
  const told = passesTheCache(carrier);
  if (told !== null && carrier !== null) return passingSign(`of ${carrierText(carrier.values)}`, told);
  if (pages === undefined) return null;
  const where = placeText(carrier);
  const asked = askedPages(pages);
  if (asked !== null && isPassing(asked)) return passingSign(`of the pages${where}`, asked);
  const gone = goneFastAnswers(pages);
  if (gone === null) return null;
  const [now, before] = [gone.spikeSecs, gone.baselineSecs].map((secs) => `${Math.round(secs * 1_000)} ms`);
  return {
    value: gone.spikeSecs,
    statement: `even the fastest tenth of the pages${where} takes ${now}, against ${before} before, as where a cache answers no longer`,
    growth: null,
  };
}

function passingSign(what: string, { baseline, spike }: NonNullable<CarrierSlice["missShare"]>): CacheSign {
  return {
    value: spike,
    statement: `${what} ${formatShare(spike)} go past the cache, against ${formatShare(baseline)} usually`,
    growth: spike / Math.max(0.01, baseline),
  };
}

/** By what the pages were asked for, which is not all that a slice may be told by. */
function placeText(carrier: CarrierSlice | null): string {
  const { host, pathTemplate } = carrier?.values ?? {};
  const place = carrierText({ ...(host && { host }), ...(pathTemplate && { pathTemplate }) });
  return place === "" ? "" : ` of ${place}`;
}

/** A third more going past the cache is no chance. */
const MIN_MISS_GROWTH = 1.3;

/** Gives the shares that the cache leaves of a slice, where it leaves far more than it did; null otherwise. */
function passesTheCache(carrier: CarrierSlice | null): NonNullable<CarrierSlice["missShare"]> | null {
  const missShare = carrier?.missShare ?? null;
  return missShare !== null && isPassing(missShare) ? missShare : null;
}

function isPassing({ baseline, spike }: NonNullable<CarrierSlice["missShare"]>): boolean {
  return spike >= MIN_MISS_GROWTH * baseline;
}
