import type { Dimension, TrafficFilter } from "./traffic.ts";

/**
 * Gives the dimensions that a filter looks at, each once; none for an empty filter.
 *
 * @example
 * filteredDimensions({ only: { path: "/" }, not: { query: "q=1" } }); // ["path", "query"]
 */
export function filteredDimensions({ only = {}, not = {} }: TrafficFilter): readonly Dimension[] {
  return Object.keys({ ...only, ...not }) as Dimension[];
}
