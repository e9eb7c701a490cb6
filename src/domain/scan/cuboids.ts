import type { EncodedCube } from "./encoded-cube.ts";

/** All slices by the same dimensions that have enough, and the cells that are in one. */
export interface Cuboid {
  /** Indexes of its dimensions, ascending. */
  readonly dimensions: readonly number[];
  /** Of each slice. */
  readonly baseline: Float64Array;
  readonly spike: Float64Array;
  /** The cells that are in a slice, and which one each is in, from 0. Empty where they were not asked for. */
  readonly cells: Int32Array;
  readonly sliceOf: Int32Array;
  /** Gives the codes of a slice, one for each dimension. */
  codesOf(slice: number): readonly number[];
}

/** What to look at. */
export interface Search {
  /** Most dimensions together. */
  readonly maxDimensions: number;
  /** The least spike of a slice. */
  readonly minSpike: number;
  /** Whether the cells of the finest cuboids are wanted too. */
  readonly needsCells: boolean;
  /** Whether slices by both of two dimensions make sense. */
  mayCombine(left: number, right: number): boolean;
}

/** The values of a dimension that have enough, renumbered. */
interface Column {
  readonly sliceOfCell: Int32Array;
  readonly codes: readonly number[];
}

/**
 * Visits every cuboid up to `maxDimensions`, coarse before fine, without slices that have less than `minSpike`.
 *
 * A slice has no more than the wider one that it is part of, so that whatever is too small is not divided further.
 *
 * @source Agrawal and Srikant, "Fast algorithms for mining association rules", VLDB 1994
 */
export function visitCuboids(cube: EncodedCube, search: Search, visit: (cuboid: Cuboid) => void): void {
  const whole = wholeOf(cube);
  const inner = { ...search, needsCells: true };
  const first = cube.codes.map((sliceOfCell, dimension) => {
    const codes = Array.from(cube.texts[dimension] ?? [], (_, code) => code);
    return divide(cube, whole, { dimension, sliceOfCell, codes }, inner);
  });
  for (const cuboid of first) visit(cuboid);
  const columns = first.map((cuboid) => columnOf(cuboid, cube.spike.length));
  const descend = (parent: Cuboid): void => {
    const depth = parent.dimensions.length + 1;
    if (depth > search.maxDimensions || parent.spike.length === 0) return;
    for (let dimension = (parent.dimensions.at(-1) as number) + 1; dimension < columns.length; dimension += 1) {
      if (!parent.dimensions.every((other) => search.mayCombine(other, dimension))) continue;
      const column = columns[dimension] as Column;
      const cuboid = divide(cube, parent, { dimension, ...column }, depth < search.maxDimensions ? inner : search);
      visit(cuboid);
      descend(cuboid);
    }
  };
  for (const cuboid of first) descend(cuboid);
}

function wholeOf({ baseline, spike }: EncodedCube): Cuboid {
  return {
    dimensions: [],
    baseline: new Float64Array(1),
    spike: new Float64Array(1),
    cells: new Int32Array(spike.length).map((_, cell) => cell),
    sliceOf: new Int32Array(baseline.length),
    codesOf: () => [],
  };
}

function columnOf({ cells, sliceOf, spike, codesOf }: Cuboid, cellCount: number): Column {
  const sliceOfCell = new Int32Array(cellCount).fill(-1);
  for (let at = 0; at < cells.length; at += 1) sliceOfCell[cells[at] as number] = sliceOf[at] as number;
  return { sliceOfCell, codes: Array.from(spike, (_, slice) => codesOf(slice)[0] as number) };
}

function divide(
  cube: EncodedCube,
  parent: Cuboid,
  { dimension, sliceOfCell, codes }: Column & { readonly dimension: number },
  { minSpike, needsCells }: Search,
): Cuboid {
  const { keys, size, original } = pairKeys(parent, sliceOfCell, codes.length);
  const baselineByKey = new Float64Array(size);
  const spikeByKey = new Float64Array(size);
  for (let at = 0; at < keys.length; at += 1) {
    const key = keys[at] as number;
    if (key < 0) continue;
    const cell = parent.cells[at] as number;
    baselineByKey[key] = (baselineByKey[key] as number) + (cube.baseline[cell] as number);
    spikeByKey[key] = (spikeByKey[key] as number) + (cube.spike[cell] as number);
  }
  const kept: number[] = [];
  const sliceOfKey = new Int32Array(size).fill(-1);
  for (let key = 0; key < size; key += 1) {
    const spike = spikeByKey[key] as number;
    if (spike > 0 && spike >= minSpike) sliceOfKey[key] = kept.push(key) - 1;
  }
  return {
    dimensions: [...parent.dimensions, dimension],
    baseline: Float64Array.from(kept, (key) => baselineByKey[key] as number),
    spike: Float64Array.from(kept, (key) => spikeByKey[key] as number),
    ...(needsCells ? cellsInSlices(parent.cells, keys, sliceOfKey) : NO_CELLS),
    codesOf: (slice) => {
      const pair = original(kept[slice] as number);
      return [...parent.codesOf(Math.floor(pair / codes.length)), codes[pair % codes.length] as number];
    },
  };
}

const NO_CELLS = { cells: new Int32Array(0), sliceOf: new Int32Array(0) };

function cellsInSlices(cells: Int32Array, keys: Int32Array, sliceOfKey: Int32Array): Pick<Cuboid, "cells" | "sliceOf"> {
  const kept = new Int32Array(cells.length);
  const sliceOf = new Int32Array(cells.length);
  let count = 0;
  for (let at = 0; at < keys.length; at += 1) {
    const slice = (keys[at] as number) < 0 ? -1 : (sliceOfKey[keys[at] as number] as number);
    if (slice < 0) continue;
    kept[count] = cells[at] as number;
    sliceOf[count] = slice;
    count += 1;
  }
  return { cells: kept.subarray(0, count), sliceOf: sliceOf.subarray(0, count) };
}

/** Up to here a table of all pairs that could be takes less time than a map of those that are; 32 MB. */
const MAX_TABLE = 1 << 22;

interface PairKeys {
  /** For each cell of the parent, a number for its slice there with its value here; −1 where it has no value. */
  readonly keys: Int32Array;
  /** Keys are below it. */
  readonly size: number;
  /** Gives slice × number of values + value. */
  original(key: number): number;
}

function pairKeys({ cells, sliceOf, spike }: Cuboid, sliceOfCell: Int32Array, values: number): PairKeys {
  const keys = new Int32Array(cells.length).fill(-1);
  if (spike.length * values <= MAX_TABLE) {
    for (let at = 0; at < cells.length; at += 1) {
      const value = sliceOfCell[cells[at] as number] as number;
      if (value >= 0) keys[at] = (sliceOf[at] as number) * values + value;
    }
    return { keys, size: spike.length * values, original: (key) => key };
  }
  const known = new Map<number, number>();
  for (let at = 0; at < cells.length; at += 1) {
    const value = sliceOfCell[cells[at] as number] as number;
    if (value < 0) continue;
    const pair = (sliceOf[at] as number) * values + value;
    if (!known.has(pair)) known.set(pair, known.size);
    keys[at] = known.get(pair) as number;
  }
  const pairs = [...known.keys()];
  return { keys, size: pairs.length, original: (key) => pairs[key] as number };
}
