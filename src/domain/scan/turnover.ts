import { type EncodedCube, sumsByValue } from "./encoded-cube.ts";

/** One or two that left may be an earlier spike, or a site's giants; with the third, leaving is usual. */
const USUAL_RANK = 3;
/** Who has less than half of what was expected has left. */
const HAS_LEFT = 0.5;
/** So far above what usually comes and goes nobody gets by chance. */
const TIMES_USUAL = 2;

/**
 * Gives, for each dimension, the least excess that is more than coming and going: twice what the third-largest value had
 * that left; 0 where fewer left.
 *
 * Clients come in sessions, so that in any window some are new, as large as those that are gone. What had b in the
 * baseline is taken for b√τ: between τb of one that was there all the time and b of one that came once.
 */
export function leastExcessBy(cube: EncodedCube, timeFactor: number, commonRatio: number): readonly number[] {
  const perBaseline = timeFactor * commonRatio;
  return cube.codes.map((_, dimension) => {
    const { baseline, spike } = sumsByValue(cube, dimension);
    const values = baseline.subarray(0, -1);
    const gone = values.filter((b, value) => (spike[value] as number) < HAS_LEFT * perBaseline * b).sort();
    return TIMES_USUAL * (gone[gone.length - USUAL_RANK] ?? 0) * Math.sqrt(timeFactor) * commonRatio;
  });
}
