import { compareWindows } from "./slices.ts";
import type { Breakdown, Dimension } from "./traffic.ts";
import { isAsset } from "./traits.ts";

/** A value whose requests grew far more than everybody's. */
export interface GrowingPart {
  readonly dimension: Dimension;
  readonly value: string;
  /** What each of its requests stands for: who comes in there asks for as much as visitors usually do. */
  readonly weight: number;
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
  "path",
  "pathTemplate",
  "status",
];
/** Of all requests of the later window: less hides in any hour. */
const MIN_SHARE = 0.08;
const MIN_RATIO = 1.8;
/** Where a crowd comes to, or from: of its requests that is one in several, and of others hardly any. */
const ENTRANCES: readonly Dimension[] = ["path", "refererHost"];
/** Of all requests, with all that they stand for. */
const MIN_ENTRANCE_SHARE = 0.1;
const MIN_ENTRANCE_RATIO = 4;
/** At least; a visitor usually asks for more. */
const PAGE_WEIGHT = 4;
/** Two values that carry so nearly the same are most likely the same requests. */
const SAME_EXCESS = 0.1;
const MAX_PARTS = 4;

/** Finds what grew beside the rest from the earlier to the later window, the largest first; few, each of other requests. */
export function growingParts(breakdown: Breakdown): readonly GrowingPart[] {
  const { timeFactor, commonRatio } = compareWindows(breakdown);
  const { requests, clients } = breakdown.baseline;
  const visitWeight = clients > 0 ? Math.max(PAGE_WEIGHT, requests / clients) : PAGE_WEIGHT;
  const grown = LOOKED_AT.flatMap((dimension, order) =>
    (breakdown.by[dimension]?.rows ?? []).flatMap(({ value, baseline, spike }) => {
      const expected = commonRatio * timeFactor * baseline.requests;
      const excess = spike.requests - expected;
      const share = excess / Math.max(1, breakdown.spike.requests);
      if (share >= MIN_SHARE && spike.requests >= MIN_RATIO * expected) {
        return [{ dimension, value, excess, order, weight: 1 }];
      }
      const isEntrance = ENTRANCES.includes(dimension) && visitWeight * share >= MIN_ENTRANCE_SHARE;
      return isEntrance && spike.requests >= MIN_ENTRANCE_RATIO * expected && !isAsset(value)
        ? [{ dimension, value, excess, order, weight: visitWeight }]
        : [];
    }),
  ).sort((a, b) => b.excess - a.excess || a.order - b.order);
  const parts: typeof grown = [];
  for (const part of grown) {
    const known = parts.find(({ excess }) => Math.abs(excess - part.excess) <= SAME_EXCESS * part.excess);
    if (known === undefined) parts.push(part);
    else if (part.order < known.order) parts[parts.indexOf(known)] = part;
  }
  return parts.slice(0, MAX_PARTS).map(({ dimension, value, weight }) => ({ dimension, value, weight }));
}
