import { type Candidate, findCandidates, toRankedSlice } from "./candidates.ts";
import { estimateCommonRatio } from "./common-ratio.ts";
import type { Cube, RankedSlice, RankOptions, Scan, ScannedSlice, ScanOptions } from "./cube.ts";
import { type EncodedCube, encodeCube, keepCells, total } from "./encoded-cube.ts";
import { foldSmallValues } from "./fold.ts";
import { byPreference, cellsOf, overlapping, sameRowsAs } from "./naming.ts";
import { findSiblings } from "./siblings.ts";
import { narrow } from "./tree.ts";
import { leastExcessBy } from "./turnover.ts";

/** A name that gains so much of what the best one does is as good an explanation. */
const NEARLY = 0.8;
const MAX_ALTERNATIVES = 5;

/**
 * Finds the slices of up to three dimensions that explain why the spike's window has more than the baseline's.
 *
 * Takes the slice that gains most, takes its rows out, and looks again, until too little of the excess is left, or
 * nothing that gains, grew and carries enough. Nothing is found where there is no excess, and where everybody grew alike. The order of dimensions
 * and cells changes nothing. About linear in cells × cuboids × named slices.
 *
 * @source Kulldorff, "A spatial scan statistic", Communications in Statistics 26 (1997), the expectation taken from the
 *   population; Zhang, Assunção and Kulldorff, "Spatial scan statistics adjusted for multiple clusters", Journal of
 *   Probability and Statistics (2010), for taking one cluster out after another
 * @example
 * scanCube(
 *   {
 *     dimensions: ["ip", "path"],
 *     cells: [
 *       { values: ["203.0.113.9", "/"], baseline: 0, spike: 500 },
 *       { values: [null, "/"], baseline: 400, spike: 410 },
 *       { values: [null, "/help"], baseline: 100, spike: 98 },
 *     ],
 *   },
 *   { timeFactor: 1, dispersion: 1, minGain: 10, minRatio: 1.5, minShare: 0.1, maxDimensions: 2 },
 * ).slices.map(({ values }) => values); // [{ ip: "203.0.113.9" }]
 */
export function scanCube(cube: Cube, options: ScanOptions): Scan {
  return scanEncoded(encodeCube(cube), options);
}

/** Does the same with a cube that is encoded already. */
export function scanEncoded(whole: EncodedCube, options: ScanOptions): Scan {
  const excess = excessOf(whole, options.timeFactor);
  const slices: ScannedSlice[] = [];
  let left = whole;
  // Whose cells differ from each other is seen in single cells only.
  let folded = options.cellShape === undefined ? foldSmallValues(whole, options.minShare * excess) : whole;
  let commonRatio = ratioOf(left, options);
  // With the excess explained, what else came anew is what always comes and goes.
  while (excess > 0 && excessOf(left, options.timeFactor) >= options.minShare * excess) {
    const named = nameNext(folded, options, {
      commonRatio,
      excess,
      cellCount: whole.spike.length,
      minExcessBy: leastExcessBy(left, options.timeFactor, commonRatio),
    });
    if (named === null) break;
    slices.push(named.slice);
    left = keepCells(left, cellsOf(left, named.candidate, "outside"));
    folded = keepCells(folded, cellsOf(folded, named.candidate, "outside"));
    commonRatio = ratioOf(left, options);
  }
  return { slices, commonRatio, excess, remainder: remainderOf(left, options.timeFactor, excess) };
}

/**
 * Gives every slice that grew more than everybody, the highest gain first, without taking anything out: slices that
 * overlap stand beside each other.
 */
export function rankSlices(cube: Cube, options: RankOptions): readonly RankedSlice[] {
  const encoded = encodeCube(cube);
  const threshold = {
    commonRatio: ratioOf(encoded, options),
    minExcess: 0,
    minRatio: 1,
    minGain: Number.NEGATIVE_INFINITY,
  };
  return findCandidates(encoded, options, threshold, encoded.spike.length).map(toRankedSlice);
}

interface Round {
  readonly commonRatio: number;
  /** Of the whole cube. */
  readonly excess: number;
  readonly cellCount: number;
  readonly minExcessBy: readonly number[];
}

function nameNext(
  cube: EncodedCube,
  options: ScanOptions,
  { commonRatio, excess, cellCount, minExcessBy }: Round,
): { readonly slice: ScannedSlice; readonly candidate: Candidate } | null {
  const { minGain, minRatio, minShare } = options;
  const threshold = { commonRatio, minExcess: minShare * excess, minExcessBy, minRatio, minGain };
  const candidates = findCandidates(cube, options, threshold, cellCount);
  const best = findSiblings(candidates)?.[0] ?? candidates[0];
  if (best === undefined) return null;
  const rivals = candidates.filter((candidate) => candidate.gain >= NEARLY * best.gain);
  const preferred = rivals.filter(sameRowsAs(cube, best)).sort(byPreference(options.preference ?? (() => 0)))[0];
  const slice = narrow(cube, preferred ?? best, candidates, options.trees ?? []);
  const others = rivals.filter((rival) => rival !== slice).filter(overlapping(cube, slice));
  return {
    slice: { ...toRankedSlice(slice), excessShare: slice.excess / excess, alternatives: alternativesTo(slice, others) },
    candidate: slice,
  };
}

/** Leaves out names that only add a value to one that is given already. */
function alternativesTo(named: Candidate, others: readonly Candidate[]): ScannedSlice["alternatives"] {
  const given = [named];
  for (const other of others) {
    if (given.length > MAX_ALTERNATIVES) break;
    if (!given.some((wider) => isNarrower(other, wider))) given.push(other);
  }
  return given.slice(1).map(({ values, gain }) => ({ values, gain }));
}

function isNarrower(slice: Candidate, wider: Candidate): boolean {
  return Object.entries(wider.values).every(([dimension, value]) => slice.values[dimension] === value);
}

function ratioOf(cube: EncodedCube, { commonRatio, timeFactor, dispersion }: RankOptions): number {
  return commonRatio ?? estimateCommonRatio(cube, timeFactor, dispersion);
}

function excessOf(cube: EncodedCube, timeFactor: number): number {
  return total(cube.spike) - total(cube.baseline) * timeFactor;
}

function remainderOf(cube: EncodedCube, timeFactor: number, excess: number): Scan["remainder"] {
  const [baseline, spike] = [total(cube.baseline), total(cube.spike)];
  const expected = baseline * timeFactor;
  return {
    baseline,
    spike,
    expected,
    excess: spike - expected,
    excessShare: excess > 0 ? (spike - expected) / excess : 0,
  };
}
