import type { CarrierSlice } from "../carriers.ts";
import type { SliceValues } from "../cube.ts";
import { shortenForeign } from "../quantity.ts";
import type { Dimension } from "../traffic.ts";

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

/** A third more going past the cache is no chance. */
const MIN_MISS_GROWTH = 1.3;

/** Gives the shares that the cache leaves of a slice, where it leaves far more than it did; null otherwise. */
export function passesTheCache(carrier: CarrierSlice | null): NonNullable<CarrierSlice["missShare"]> | null {
  const missShare = carrier?.missShare ?? null;
  return missShare !== null && missShare.spike >= MIN_MISS_GROWTH * missShare.baseline ? missShare : null;
}
