import type { Candidate } from "./candidates.ts";
import type { EncodedCube } from "./encoded-cube.ts";
import { sliceName } from "./slice-name.ts";

type Place = Pick<Candidate, "dimensions" | "codes">;

/** Gives the cells that are in a slice, or those that are not, in order. */
export function cellsOf(cube: EncodedCube, slice: Place, side: "inside" | "outside"): Int32Array {
  const isIn = membership(cube, slice);
  const cells = new Int32Array(cube.spike.length);
  let count = 0;
  for (let cell = 0; cell < cells.length; cell += 1) if (isIn(cell) === (side === "inside")) cells[count++] = cell;
  return cells.subarray(0, count);
}

/** Gives a function that tells whether a cell is in a slice. */
function membership(cube: EncodedCube, { dimensions, codes }: Place): (cell: number) => boolean {
  const columns = dimensions.map((dimension) => cube.codes[dimension] as Int32Array);
  return (cell) => {
    for (let at = 0; at < codes.length; at += 1) if ((columns[at] as Int32Array)[cell] !== codes[at]) return false;
    return true;
  };
}

/** So much of the spike in common makes two slices the same requests. */
const SAME_ROWS = 0.9;

/** Gives a function that tells whether a slice is nearly the same requests of the spike: Jaccard's index, weighted. */
export function sameRowsAs(cube: EncodedCube, slice: Candidate): (other: Candidate) => boolean {
  const inside = cellsOf(cube, slice, "inside");
  return (other) => {
    // Their sizes alone rule most of them out.
    if (Math.min(slice.spike, other.spike) < SAME_ROWS * Math.max(slice.spike, other.spike)) return false;
    const both = spikeWithin(cube, inside, other);
    return both >= SAME_ROWS * (slice.spike + other.spike - both);
  };
}

/** Gives a function that tells whether most of the smaller of two slices is in the other. */
export function overlapping(cube: EncodedCube, slice: Candidate): (other: Candidate) => boolean {
  const inside = cellsOf(cube, slice, "inside");
  return (other) => spikeWithin(cube, inside, other) > Math.min(slice.spike, other.spike) / 2;
}

/** Gives how much of the spike of a slice is in these cells. */
export function spikeWithin(cube: EncodedCube, cells: Int32Array, slice: Place): number {
  const isIn = membership(cube, slice);
  let spike = 0;
  for (let at = 0; at < cells.length; at += 1) {
    const cell = cells[at] as number;
    if (isIn(cell)) spike += cube.spike[cell] as number;
  }
  return spike;
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
      (sliceName(left.values) < sliceName(right.values) ? -1 : 1)
    );
  };
}
