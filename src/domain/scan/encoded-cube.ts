import type { Cube } from "./cube.ts";

/** The values of a cube as numbers, in columns. */
export interface EncodedValues {
  readonly dimensions: readonly string[];
  /** What each code of a dimension stands for. */
  readonly texts: readonly (readonly string[])[];
  /** The code of each cell, by dimension; −1 where it has no value of its own. */
  readonly codes: readonly Int32Array[];
}

/** A cube with values as numbers, and what its cells counted. */
export interface EncodedCube extends EncodedValues {
  readonly baseline: Float64Array;
  readonly spike: Float64Array;
}

/** Encodes a cube. What is not a positive number counts as 0. Linear in its values. */
export function encodeCube({ dimensions, cells }: Cube): EncodedCube {
  return {
    ...encodeValues(dimensions, cells),
    baseline: Float64Array.from(cells, (cell) => amount(cell.baseline)),
    spike: Float64Array.from(cells, (cell) => amount(cell.spike)),
  };
}

/** Encodes the values alone, for cubes of several measures that have the same ones. */
export function encodeValues(
  dimensions: readonly string[],
  cells: readonly Pick<Cube["cells"][number], "values">[],
): EncodedValues {
  const columns = dimensions.map((_, dimension) => encodeColumn(cells.map((cell) => cell.values[dimension] ?? null)));
  return {
    dimensions,
    texts: columns.map((column) => column.texts),
    codes: columns.map((column) => column.codes),
  };
}

/** Gives the cells at these places; codes stay as they are. */
export function keepCells(cube: EncodedCube, cells: Int32Array): EncodedCube {
  return {
    ...cube,
    codes: cube.codes.map((column) => pick(column, cells, new Int32Array(cells.length))),
    baseline: pick(cube.baseline, cells, new Float64Array(cells.length)),
    spike: pick(cube.spike, cells, new Float64Array(cells.length)),
  };
}

// A loop, since `filter` and `from` call a function for each of a million numbers.
function pick<T extends Int32Array | Float64Array>(column: T, cells: Int32Array, into: T): T {
  for (let at = 0; at < cells.length; at += 1) into[at] = column[cells[at] as number] as number;
  return into;
}

/** Adds up cells by the values of a dimension; the last sum is of those that have none. */
export function sumsByValue(cube: EncodedCube, dimension: number): { baseline: Float64Array; spike: Float64Array } {
  const codes = cube.codes[dimension] as Int32Array;
  const values = cube.texts[dimension]?.length ?? 0;
  const baseline = new Float64Array(values + 1);
  const spike = new Float64Array(values + 1);
  for (let cell = 0; cell < codes.length; cell += 1) {
    const code = codes[cell] as number;
    const at = code < 0 ? values : code;
    baseline[at] = (baseline[at] as number) + (cube.baseline[cell] as number);
    spike[at] = (spike[at] as number) + (cube.spike[cell] as number);
  }
  return { baseline, spike };
}

/** Adds up a column. */
export function total(column: Float64Array): number {
  let all = 0;
  for (let cell = 0; cell < column.length; cell += 1) all += column[cell] as number;
  return all;
}

function encodeColumn(values: readonly (string | null)[]): { texts: string[]; codes: Int32Array } {
  const texts: string[] = [];
  const known = new Map<string, number>();
  const codes = new Int32Array(values.length);
  for (const [cell, value] of values.entries()) {
    let code = value === null ? -1 : known.get(value);
    if (code === undefined) {
      code = texts.length;
      known.set(value as string, code);
      texts.push(value as string);
    }
    codes[cell] = code;
  }
  return { texts, codes };
}

/** What is not a positive number counts as 0. */
export function amount(value: number): number {
  return value > 0 && Number.isFinite(value) ? value : 0;
}
