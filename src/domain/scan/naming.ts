import { type Candidate, nameOf } from "./candidates.ts";
import type { EncodedCube } from "./encoded-cube.ts";

/** Marks the cells of a slice with 1. */
export function cellsOf(cube: EncodedCube, { dimensions, codes }: Pick<Candidate, "dimensions" | "codes">): Uint8Array {
  const isIn = new Uint8Array(cube.spike.length).fill(1);
  for (const [at, dimension] of dimensions.entries()) {
    const column = cube.codes[dimension] as Int32Array;
    for (let cell = 0; cell < isIn.length; cell += 1) if (column[cell] !== codes[at]) isIn[cell] = 0;
  }
  return isIn;
}

/** So much of the spike in common makes two slices the same requests. */
const SAME_ROWS = 0.9;

/** Tells whether two slices are nearly the same requests of the spike: Jaccard's index, weighted. */
export function haveSameRows(cube: EncodedCube, left: Candidate, right: Candidate): boolean {
  // Their sizes alone rule most of them out.
  if (Math.min(left.spike, right.spike) < SAME_ROWS * Math.max(left.spike, right.spike)) return false;
  const both = spikeInBoth(cube, left, right);
  return both >= SAME_ROWS * (left.spike + right.spike - both);
}

/** Tells whether most of the smaller of two slices is in the other. */
export function overlap(cube: EncodedCube, left: Candidate, right: Candidate): boolean {
  return spikeInBoth(cube, left, right) > Math.min(left.spike, right.spike) / 2;
}

function spikeInBoth(cube: EncodedCube, left: Candidate, right: Candidate): number {
  const columns = [...left.dimensions, ...right.dimensions].map((dimension) => cube.codes[dimension] as Int32Array);
  const codes = [...left.codes, ...right.codes];
  let both = 0;
  for (let cell = 0; cell < cube.spike.length; cell += 1) {
    let at = 0;
    while (at < codes.length && (columns[at] as Int32Array)[cell] === codes[at]) at += 1;
    if (at === codes.length) both += cube.spike[cell] as number;
  }
  return both;
}

/**
 * Orders names for the same rows: fewer dimensions first, then the more actionable, then the higher gain, then by text.
 */
export function byPreference(preference: (dimension: string) => number): (left: Candidate, right: Candidate) => number {
  const ranks = (candidate: Candidate) =>
    Object.keys(candidate.values)
      .map(preference)
      .sort((a, b) => a - b);
  return (left, right) => {
    const [a, b] = [ranks(left), ranks(right)];
    const differing = a.findIndex((rank, at) => rank !== b[at]);
    return (
      a.length - b.length ||
      (differing < 0 ? 0 : (a[differing] as number) - (b[differing] as number)) ||
      right.gain - left.gain ||
      (nameOf(left.values) < nameOf(right.values) ? -1 : 1)
    );
  };
}
