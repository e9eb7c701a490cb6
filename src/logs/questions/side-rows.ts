import type { Columns } from "./engine.ts";
import type { Side } from "./scope.ts";

/** Reads a result with one row a side, whose first column is the side: 0 where a side has no row. */
export function numberOf(columns: Columns, side: Side, index: number): number {
  const row = columns[0]?.findIndex((each) => Number(each) === side) ?? -1;
  return Number(columns[index]?.[row] ?? 0);
}
