import { type MilderMeasure, measureOf } from "./address-measure.ts";

/** Rows that belong together; at least one. */
export type Group<Row> = readonly [Row, ...Row[]];

/** Groups rows by a key, groups and rows in order of appearance. */
export function groupBy<Row>(rows: readonly Row[], keyOf: (row: Row) => string): readonly Group<Row>[] {
  const groups = new Map<string, [Row, ...Row[]]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()];
}

/** Groups what goes into the same sets of a firewall: of one service, under one measure. */
export function groupBySets<Row extends { readonly service: string; readonly measure?: MilderMeasure }>(
  rows: readonly Row[],
): readonly Group<Row>[] {
  return groupBy(rows, (row) => `${row.service} ${measureOf(row)}`);
}
