import { sum } from "./robust.ts";
import type { CubeCell, Dimension, Rank, TrafficCube } from "./traffic.ts";

/** Values of some dimensions, all of which a request must have. */
export type SliceValues = Readonly<Partial<Record<Dimension, string>>>;

/** Gives the cells of a cube in which every one of the values is; all cells where a value's dimension is not in it. */
export function cellsOf(cube: TrafficCube, values: SliceValues): readonly CubeCell[] {
  const wanted = Object.entries(values).flatMap(([dimension, value]) => {
    const index = cube.dimensions.indexOf(dimension as Dimension);
    return index < 0 ? [] : [[index, value] as const];
  });
  return cube.cells.filter(({ values }) => wanted.every(([index, value]) => values[index] === value));
}

/** Adds up one count of cells in both windows; what is unknown counts as nothing. */
export function totalOf(cells: readonly CubeCell[], rank: Rank): { readonly baseline: number; readonly spike: number } {
  return {
    baseline: sum(cells.map((cell) => cell.baseline[rank] ?? 0)),
    spike: sum(cells.map((cell) => cell.spike[rank] ?? 0)),
  };
}

/** Leaves out the cells of these values of a dimension. */
export function withoutValues(cube: TrafficCube, dimension: Dimension, values: readonly string[]): TrafficCube {
  const index = cube.dimensions.indexOf(dimension);
  if (index < 0 || values.length === 0) return cube;
  const left = new Set<string | null>(values);
  return { ...cube, cells: cube.cells.filter((cell) => !left.has(cell.values[index] ?? null)) };
}
