import { sum } from "../robust.ts";
import type { RankedSlice, RankOptions, SliceValues } from "./cube.ts";
import { type Cuboid, visitCuboids } from "./cuboids.ts";
import type { EncodedCube } from "./encoded-cube.ts";
import { gainsOf } from "./gain.ts";
import { sliceName } from "./slice-name.ts";

/** A slice that may be named. */
export interface Candidate extends RankedSlice {
  /** Indexes of its dimensions, ascending. */
  readonly dimensions: readonly number[];
  /** The codes of its values, as `dimensions`. */
  readonly codes: readonly number[];
}

/** What a slice must have to be looked at. */
export interface Threshold {
  readonly commonRatio: number;
  readonly minExcess: number;
  /** Least excess of a slice, by each of its dimensions; none where left out. */
  readonly minExcessBy?: readonly number[];
  readonly minRatio: number;
  readonly minGain: number;
}

/**
 * Finds the slices of up to three dimensions that grew more than everybody, the highest gain first; of equal ones, the
 * one of fewer dimensions, then by text.
 *
 * `cellCount` is the number of cells before any were taken out: what chance could choose among does not shrink.
 */
export function findCandidates(
  cube: EncodedCube,
  options: RankOptions,
  { commonRatio, minExcess, minExcessBy, minRatio, minGain }: Threshold,
  cellCount: number,
): Candidate[] {
  const perBaseline = options.timeFactor * commonRatio;
  const scale = {
    expectedPerBaseline: perBaseline / options.dispersion,
    countedPerSpike: 1 / options.dispersion,
    cellShape: options.cellShape ?? Number.POSITIVE_INFINITY,
  };
  const trees = treeOfEach(cube, options.trees ?? []);
  const found: Candidate[] = [];
  const mayCombine = (left: number, right: number) => trees[left] === undefined || trees[left] !== trees[right];
  const { maxDimensions } = options;
  const needsCells = Number.isFinite(scale.cellShape);
  visitCuboids(cube, { maxDimensions, minSpike: minExcess, needsCells, mayCombine }, (cuboid) => {
    const chance = chanceOf(cube, cuboid, trees, cellCount);
    const gains = gainsOf(cube, cuboid, scale);
    const least = Math.max(minExcess, ...cuboid.dimensions.map((dimension) => minExcessBy?.[dimension] ?? 0));
    for (let slice = 0; slice < gains.length; slice += 1) {
      const gain = (gains[slice] as number) - chance;
      const baseline = cuboid.baseline[slice] as number;
      const spike = cuboid.spike[slice] as number;
      const expected = baseline * perBaseline;
      const excess = spike - expected;
      if (!(gain >= minGain && excess > 0 && excess >= least && spike >= minRatio * expected)) continue;
      const codes = cuboid.codesOf(slice);
      const values = valuesOf(cube, cuboid.dimensions, codes);
      const ratio = expected > 0 ? spike / expected : null;
      found.push({ dimensions: cuboid.dimensions, codes, values, baseline, spike, expected, excess, ratio, gain });
    }
  });
  return found.sort(compareCandidates);
}

/** Leaves out what only the search needs. */
export function toRankedSlice({ values, baseline, spike, expected, excess, ratio, gain }: Candidate): RankedSlice {
  return { values, baseline, spike, expected, excess, ratio, gain };
}

/** Sums of the same numbers in another order differ in later digits. */
const DIGITS = 9;

function compareCandidates(a: Candidate, b: Candidate): number {
  const differing = Number(b.gain.toPrecision(DIGITS)) - Number(a.gain.toPrecision(DIGITS));
  if (differing !== 0) return differing;
  const [left, right] = [sliceName(a.values), sliceName(b.values)];
  return a.dimensions.length - b.dimensions.length || (left < right ? -1 : Number(left > right));
}

/** Names a slice. */
function valuesOf(cube: EncodedCube, dimensions: readonly number[], codes: readonly number[]): SliceValues {
  return Object.fromEntries(
    dimensions.map((dimension, at) => [
      cube.dimensions[dimension] as string,
      cube.texts[dimension]?.[codes[at] as number] as string,
    ]),
  );
}

/** Gives the tree of each dimension as a list of its levels; undefined where it is in none. */
function treeOfEach(
  cube: EncodedCube,
  trees: readonly (readonly string[])[],
): readonly (readonly string[] | undefined)[] {
  return cube.dimensions.map((dimension) => trees.find((levels) => levels.includes(dimension)));
}

/** The logarithm of how many slices of this kind there can be: so much gain the best of them has by chance. */
function chanceOf(
  cube: EncodedCube,
  { dimensions }: Cuboid,
  trees: readonly (readonly string[] | undefined)[],
  cellCount: number,
): number {
  const valueCount = (dimension: string) => cube.texts[cube.dimensions.indexOf(dimension)]?.length ?? 0;
  const counts = dimensions.map((dimension) =>
    sum((trees[dimension] ?? [cube.dimensions[dimension] as string]).map(valueCount)),
  );
  // No more than there are cells, but for the nodes of one tree, of which a cell has several.
  const most = Math.max(cellCount, ...counts);
  return Math.min(Math.log(most), sum(counts.map((count) => Math.log(Math.max(1, count)))));
}
