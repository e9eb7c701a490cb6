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
