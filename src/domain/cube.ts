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
  let [before, now] = [0, 0];
  for (const { baseline, spike } of cells) {
    before += baseline[rank] ?? 0;
    now += spike[rank] ?? 0;
  }
  return { baseline: before, spike: now };
}

/** Nearly all: what is left may be names that were too rare to be read. */
const NEARLY_ALL = 0.95;

/**
 * Gives the slice's values, and before them those of other dimensions that nearly all of it has and most of the other
 * requests do not, by one count of the spike: other names of the same requests.
 */
export function withSharedValues(
  cube: TrafficCube,
  values: SliceValues,
  { dimensions, rank }: { readonly dimensions: readonly Dimension[]; readonly rank: Rank },
): SliceValues {
  const own = cellsOf(cube, values);
  const isOwn = new Set(own);
  const others = cube.cells.filter((cell) => !isOwn.has(cell));
  const shared = dimensions.flatMap((dimension) => {
    const index = cube.dimensions.indexOf(dimension);
    if (index < 0 || dimension in values) return [];
    const [largest] = spikeSharesOf(own, index, rank);
    if (largest === undefined || largest.share < NEARLY_ALL) return [];
    const elsewhere = spikeSharesOf(others, index, "requests").find(({ value }) => value === largest.value);
    return elsewhere !== undefined && elsewhere.share > 0.5 ? [] : [[dimension, largest.value] as const];
  });
  return { ...Object.fromEntries(shared), ...values };
}

/** The values of one dimension and their shares, the largest first; what is not named has a share too, and no row. */
function spikeSharesOf(
  cells: readonly CubeCell[],
  index: number,
  rank: Rank,
): readonly { readonly value: string; readonly share: number }[] {
  const counts = new Map<string, number>();
  for (const { values, spike } of cells) {
    const value = values[index] ?? null;
    if (value !== null) counts.set(value, (counts.get(value) ?? 0) + (spike[rank] ?? 0));
  }
  const all = totalOf(cells, rank).spike;
  return [...counts]
    .map(([value, count]) => ({ value, share: all > 0 ? count / all : 0 }))
    .sort((a, b) => b.share - a.share);
}

/** Leaves out the cells of these values of a dimension. */
export function withoutValues(cube: TrafficCube, dimension: Dimension, values: readonly string[]): TrafficCube {
  const index = cube.dimensions.indexOf(dimension);
  if (index < 0 || values.length === 0) return cube;
  const left = new Set<string | null>(values);
  return { ...cube, cells: cube.cells.filter((cell) => !left.has(cell.values[index] ?? null)) };
}
