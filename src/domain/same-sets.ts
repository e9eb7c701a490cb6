import { type MilderMeasure, measureOf } from "./address-measure.ts";

/** Groups what goes into the same sets of a firewall: of one service, under one measure. In order of appearance. */
export function groupBySets<Row extends { readonly service: string; readonly measure?: MilderMeasure }>(
  rows: readonly Row[],
): readonly (readonly [Row, ...Row[]])[] {
  const groups = new Map<string, [Row, ...Row[]]>();
  for (const row of rows) {
    const key = `${row.service} ${measureOf(row)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return [...groups.values()];
}
