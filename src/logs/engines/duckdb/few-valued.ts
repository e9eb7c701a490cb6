import type { Dimension } from "../../../domain/traffic.ts";
import type { Dictionaries } from "../../questions/dictionaries.ts";

/** So many groups cost as little as one: the engine has them all at hand. */
const MAX_CELLS = 4_096;
/** Of those that there are, a log has no more. */
const STATUSES = 32;

/**
 * Gives the dimensions of so few values that a grouping by all of them together has few groups: each of them is then
 * summed up from those, instead of from the requests. Six of them measured a third of six groupings.
 */
export function fewValued(dimensions: readonly Dimension[], dictionaries: Dictionaries): readonly Dimension[] {
  const counted = dimensions
    // One value more: none.
    .map((dimension) => ({
      dimension,
      count: 1 + (dimension === "status" ? STATUSES : dictionaries.countOf(dimension)),
    }))
    .toSorted((a, b) => a.count - b.count);
  const few: Dimension[] = [];
  let cells = 1;
  for (const { dimension, count } of counted) {
    cells *= count;
    if (cells > MAX_CELLS) break;
    few.push(dimension);
  }
  return few;
}
