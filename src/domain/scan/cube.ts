/** A cell of a cube: what requests with these values together counted in two windows. */
export interface CubeCell {
  /** `values[i]` belongs to `dimensions[i]`; null is some other value, which no slice names. */
  readonly values: readonly (string | null)[];
  /** Any measure that adds up and is not negative: requests, bytes, backend seconds, misses, errors. */
  readonly baseline: number;
  readonly spike: number;
}

/** How two windows divide by several dimensions at once. Cells with the same values add up. */
export interface Cube {
  readonly dimensions: readonly string[];
  readonly cells: readonly CubeCell[];
}

/** How to hold the two windows of a cube against each other. */
export interface RankOptions {
  /** Length of the spike's window over that of the baseline. */
  readonly timeFactor: number;
  /** Variance over mean of the measure: 1 for independent requests, more for sessions, the mean square over mean for bytes. */
  readonly dispersion: number;
  /** Most dimensions of a slice. */
  readonly maxDimensions: 1 | 2 | 3;
  /**
   * Dimensions that are levels of one hierarchy, the coarsest first: `["net16", "net24", "ip"]`, `["host", "path"]`.
   * No slice is scanned by two levels of one; each is judged by chance among all nodes.
   */
  readonly trees?: readonly (readonly string[])[];
  /**
   * How alike the cells of a slice have to grow: the shape of a gamma distribution of their growth, whose coefficient of
   * variation is 1/√shape. Infinite where left out: counts alone decide, so that one heavy cell may stand for a slice.
   */
  readonly cellShape?: number;
  /** Growth that is nobody's in particular; estimated where left out. */
  readonly commonRatio?: number;
}

export interface ScanOptions extends RankOptions {
  /** Least gain of a named slice, in nats. */
  readonly minGain: number;
  /** Least growth of a named slice, over the common ratio. */
  readonly minRatio: number;
  /** Least share of the excess, 0–1. */
  readonly minShare: number;
  /** Of names for the same rows, the one with the smallest number here is given; all alike where left out. */
  readonly preference?: (dimension: string) => number;
}

/** The values of a slice by dimension; requests that have all of them are in it. */
export type SliceValues = Readonly<Record<string, string>>;

/** A slice and how far it left what was expected of it. */
export interface RankedSlice {
  readonly values: SliceValues;
  readonly baseline: number;
  readonly spike: number;
  /** What it would have had at the common ratio: baseline × time factor × common ratio. */
  readonly expected: number;
  /** spike − expected. */
  readonly excess: number;
  /** spike over expected; null where nothing was expected. */
  readonly ratio: number | null;
  /** Log-likelihood gained by giving it a growth of its own, beyond chance among its like, in nats. */
  readonly gain: number;
}

export interface ScannedSlice extends RankedSlice {
  /** Of all excess; above 1 where others fell. */
  readonly excessShare: number;
  /** Other names for much the same excess that are worth nearly as much, the best first. */
  readonly alternatives: readonly { readonly values: SliceValues; readonly gain: number }[];
}

/** What is left when the rows of the named slices are taken out. */
export interface Remainder {
  readonly baseline: number;
  readonly spike: number;
  /** baseline × time factor. */
  readonly expected: number;
  readonly excess: number;
  /** Of all excess. */
  readonly excessShare: number;
}

export interface Scan {
  /** In the order in which they were taken out, each measured without the rows of those before it. */
  readonly slices: readonly ScannedSlice[];
  /** Growth that is nobody's in particular, with the rows of named slices left out; 0 without a baseline. */
  readonly commonRatio: number;
  /** spike − baseline × time factor of the whole cube. */
  readonly excess: number;
  readonly remainder: Remainder;
}
