import type { Dimension, DistinctValues, TrafficFilter, WindowPair } from "../../domain/traffic.ts";
import { DIMENSION_COLUMNS } from "./columns.ts";
import { filterCondition } from "./condition.ts";
import type { Engine } from "./engine.ts";
import { type Side, scopeOf } from "./scope.ts";

/** Counts the different values of dimensions in both windows. */
export async function queryDistinct(
  engine: Engine,
  question: WindowPair & { filter?: TrafficFilter; dimensions: readonly Dimension[] },
): Promise<DistinctValues> {
  const dimensions = [...new Set(question.dimensions)];
  const columns = dimensions.map((dimension) => DIMENSION_COLUMNS[dimension]);
  const scope = scopeOf(engine, question, { condition: await filterCondition(engine, question.filter), columns });
  const counts = columns.map((column) => `CAST(count(DISTINCT ${column}) AS DOUBLE)`);
  const [sides = [], ...values] = await engine.query(
    `SELECT ${["side", ...counts].join(", ")} FROM ${scope} AS counted GROUP BY side`,
  );
  const at = (index: number, side: Side) =>
    Number(values[index]?.[sides.findIndex((each) => Number(each) === side)] ?? 0);
  return Object.fromEntries(
    dimensions.map((dimension, index) => [dimension, { baseline: at(index, 0), spike: at(index, 1) }]),
  );
}
