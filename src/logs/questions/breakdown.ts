import type { Breakdown, Dimension, DimensionBreakdown, TrafficCounts, WindowPair } from "../../domain/traffic.ts";
import { readCounts } from "./counts.ts";
import { dimensionBreakdown } from "./dimension-rows.ts";
import type { Columns, Engine } from "./engine.ts";
import { readLargest } from "./largest.ts";
import { oneScan } from "./one-scan.ts";
import { type BreakdownQuestion, prepareBreakdown } from "./prepared-breakdown.ts";

/** Counts both windows by every dimension asked for, and as a whole, reading every request once. */
export async function queryBreakdown(engine: Engine, question: BreakdownQuestion): Promise<Breakdown> {
  const prepared = await prepareBreakdown(engine, question);
  const { baseline, spike, dimensions, topN, rankBy } = prepared;
  const [parts = [], ...columns] = await engine.query(oneScan(prepared));
  const partOf = (part: number) => pick(parts, columns, part);
  const divided = await Promise.all(
    dimensions.map((dimension, index) =>
      dimensionBreakdown(engine, readLargest(partOf(index), { keys: 1, topN }), { dimension, rankBy }),
    ),
  );
  return toBreakdown({ baseline, spike }, totalsOf(partOf(dimensions.length).slice(2)), dimensions, divided);
}

/** Those rows that belong to one part; they are together, and in order. */
function pick(parts: Columns[number], columns: Columns, part: number): Columns {
  const from = parts.findIndex((each) => Number(each) === part);
  const end = parts.findLastIndex((each) => Number(each) === part) + 1;
  return columns.map((cells) => (from < 0 ? [] : cells.slice(from, end)));
}

/** Reads both sides' counts from the first row of columns as `COUNT_COLUMNS` names them. */
export function totalsOf(counts: Columns): [TrafficCounts, TrafficCounts] {
  return [readCounts(counts, 0, 0), readCounts(counts, 0, 1)];
}

export function toBreakdown(
  windows: WindowPair,
  [baseline, spike]: readonly [TrafficCounts, TrafficCounts],
  dimensions: readonly Dimension[],
  divided: readonly DimensionBreakdown[],
): Breakdown {
  const by = Object.fromEntries(dimensions.map((dimension, index) => [dimension, divided[index]]));
  return { baselineWindow: windows.baseline, spikeWindow: windows.spike, baseline, spike, by };
}
