import { weightedMedian } from "../robust.ts";
import { type EncodedCube, sumsByValue, total } from "./encoded-cube.ts";

/** Values of which less is expected tell no growth of their own, in units of the dispersion; they are taken together. */
const MIN_EXPECTED = 20;

/**
 * Gives by how much everybody grew: the growth of the typical value, of that dimension where it is least.
 *
 * A crawler lifts every path, but not every user agent. At least 1 and at most the growth of the whole: what fell or
 * moved elsewhere makes nobody guilty. 0 without a baseline.
 */
export function estimateCommonRatio(cube: EncodedCube, timeFactor: number, dispersion: number): number {
  const expected = total(cube.baseline) * timeFactor;
  if (expected <= 0) return 0;
  const ratio = total(cube.spike) / expected;
  if (ratio <= 1) return ratio;
  const typical = cube.codes.map((_, dimension) =>
    typicalGrowth(cube, dimension, timeFactor, MIN_EXPECTED * dispersion),
  );
  return Math.max(1, Math.min(ratio, ...typical));
}

function typicalGrowth(cube: EncodedCube, dimension: number, timeFactor: number, minExpected: number): number {
  const { baseline, spike } = sumsByValue(cube, dimension);
  const growths: { value: number; weight: number }[] = [];
  let [smallExpected, smallSpike] = [0, 0];
  for (let value = 0; value < baseline.length; value += 1) {
    const expected = (baseline[value] as number) * timeFactor;
    if (expected < minExpected) {
      smallExpected += expected;
      smallSpike += spike[value] as number;
    } else growths.push({ value: (spike[value] as number) / expected, weight: expected });
  }
  if (smallExpected > 0) growths.push({ value: smallSpike / smallExpected, weight: smallExpected });
  return weightedMedian(growths);
}
