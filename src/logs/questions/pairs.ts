import type { Dimension, PairBreakdown, Rank, TrafficFilter, WindowPair } from "../../domain/traffic.ts";
import { DIMENSION_COLUMNS } from "./columns.ts";
import { filterCondition, missCondition } from "./condition.ts";
import { COUNTED_COLUMNS } from "./counts.ts";
import type { Engine } from "./engine.ts";
import { compareTexts, inOrder, largestOf, readLargest, sumsBySide, textsOf } from "./largest.ts";
import { scopeOf } from "./scope.ts";

/** Counts both windows by the values that requests have of two dimensions together. */
export async function queryPairs(
  engine: Engine,
  question: WindowPair & {
    filter?: TrafficFilter;
    dimensions: readonly [Dimension, Dimension];
    topN: number;
    rankBy?: Rank;
  },
): Promise<PairBreakdown> {
  const { dimensions, topN, rankBy = "requests" } = question;
  const columns = dimensions.map((dimension) => DIMENSION_COLUMNS[dimension]);
  const scope = scopeOf(engine, question, {
    condition: await filterCondition(engine, question.filter),
    columns: [...COUNTED_COLUMNS, ...columns],
  });
  // What lacks one of the two is unknown as a whole.
  const isKnown = columns.map((column) => `${column} IS NOT NULL`).join(" AND ");
  const sums = sumsBySide(engine, {
    scope,
    keys: columns.map((column) => `CASE WHEN ${isKnown} THEN ${column} END`),
    misses: await missCondition(engine),
    countsClients: dimensions.includes("ip") ? "by-client" : true,
  });
  const largest = readLargest(await engine.query(largestOf(sums, { keys: 2, rankBy, topN })), { keys: 2, topN });
  const [first = [], second = []] = await Promise.all(
    dimensions.map((dimension, index) => textsOf(engine, dimension, largest.keys[index] ?? [])),
  );
  const rows = largest.groups.map((group, index) => ({
    ...group,
    values: [first[index] ?? "", second[index] ?? ""] as const,
  }));
  return {
    rows: inOrder(
      rows,
      rankBy,
      (a, b) => compareTexts(a.values[0], b.values[0]) || compareTexts(a.values[1], b.values[1]),
    ),
    distinct: largest.distinct,
    unknown: largest.unknown,
  };
}
