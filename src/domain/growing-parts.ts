import { compareWindows } from "./slices.ts";
import type { Breakdown, Dimension } from "./traffic.ts";

/** A value whose requests grew far more than everybody's. */
export interface GrowingPart {
  readonly dimension: Dimension;
  readonly value: string;
}

/** By what people can do about it. */
const LOOKED_AT: readonly Dimension[] = [
  "ip",
  "net",
  "subnet",
  "wideNet",
  "queryShape",
  "userAgent",
  "refererHost",
  "pathTemplate",
  "status",
];
/** Of all requests of the later window: less hides in any hour. */
const MIN_SHARE = 0.08;
const MIN_RATIO = 1.8;
/** Two values that carry so nearly the same are most likely the same requests. */
const SAME_EXCESS = 0.1;
const MAX_PARTS = 4;

/** Finds what grew beside the rest from the earlier to the later window, the largest first; few, each of other requests. */
export function growingParts(breakdown: Breakdown): readonly GrowingPart[] {
  const { timeFactor, commonRatio } = compareWindows(breakdown);
  const grown = LOOKED_AT.flatMap((dimension, order) =>
    (breakdown.by[dimension]?.rows ?? []).flatMap(({ value, baseline, spike }) => {
      const expected = commonRatio * timeFactor * baseline.requests;
      const excess = spike.requests - expected;
      const isGrown = excess >= MIN_SHARE * breakdown.spike.requests && spike.requests >= MIN_RATIO * expected;
      return isGrown ? [{ dimension, value, excess, order }] : [];
    }),
  ).sort((a, b) => b.excess - a.excess || a.order - b.order);
  const parts: typeof grown = [];
  for (const part of grown) {
    const known = parts.find(({ excess }) => Math.abs(excess - part.excess) <= SAME_EXCESS * part.excess);
    if (known === undefined) parts.push(part);
    else if (part.order < known.order) parts[parts.indexOf(known)] = part;
  }
  return parts.slice(0, MAX_PARTS).map(({ dimension, value }) => ({ dimension, value }));
}
