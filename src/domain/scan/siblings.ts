import type { RankedSlice } from "./cube.ts";

/** Two names instead of one have to be worth half as much again. */
const MIN_TIMES_BEST = 1.5;
/** The lesser of two causes has at least half of what the greater has. */
const MIN_SECOND = 0.5;

/**
 * Gives the two slices by the same dimensions that explain far more together than the best slice does alone, the
 * stronger first; null where there are none. Two clients, or two versions of an app, often share a network or a path
 * that would be named for both.
 *
 * `ranked` has the highest gain first.
 */
export function findSiblings<T extends Pick<RankedSlice, "values" | "gain">>(
  ranked: readonly T[],
): readonly [T, T] | null {
  const best = ranked[0];
  if (best === undefined || best.gain <= 0) return null;
  const firstBy = new Map<string, T>();
  const paired = new Set<string>();
  let found: readonly [T, T] | null = null;
  let most = MIN_TIMES_BEST * best.gain;
  for (const slice of ranked) {
    const dimensions = Object.keys(slice.values).sort().join("&");
    const first = firstBy.get(dimensions);
    if (first === undefined) firstBy.set(dimensions, slice);
    else if (!paired.has(dimensions)) {
      paired.add(dimensions);
      if (slice.gain >= MIN_SECOND * first.gain && first.gain + slice.gain > most) {
        found = [first, slice];
        most = first.gain + slice.gain;
      }
    }
  }
  return found;
}
