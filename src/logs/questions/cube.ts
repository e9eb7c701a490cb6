import {
  type CubeCell,
  DIMENSIONS,
  type Dimension,
  type TrafficCube,
  type TrafficFilter,
  type WindowPair,
} from "../../domain/traffic.ts";
import { DIMENSION_COLUMNS } from "./columns.ts";
import { filterCondition, keysOf, missCondition } from "./condition.ts";
import { COUNT_COLUMNS, COUNTED_COLUMNS, readCounts, sidesBeside } from "./counts.ts";
import type { Columns, Engine } from "./engine.ts";
import { sumsBySide } from "./largest.ts";
import { scopeOf } from "./scope.ts";

/** Counts both windows by what requests have of the values listed, in one grouping of all dimensions together. */
export async function queryCube(
  engine: Engine,
  question: WindowPair & {
    filter?: TrafficFilter;
    values: Readonly<Partial<Record<Dimension, readonly string[]>>>;
    countsClients?: boolean;
  },
): Promise<TrafficCube> {
  const { values, countsClients = false } = question;
  const dimensions = DIMENSIONS.filter((dimension) => values[dimension] !== undefined);
  const listed = dimensions.map((dimension) => values[dimension] ?? []);
  const scope = scopeOf(engine, question, {
    condition: await filterCondition(engine, question.filter),
    columns: [...COUNTED_COLUMNS, ...dimensions.map((dimension) => DIMENSION_COLUMNS[dimension])],
  });
  const places = await Promise.all(
    dimensions.map((dimension, index) => placesOf(engine, dimension, listed[index] ?? [])),
  );
  const sums = sumsBySide(engine, {
    scope: placed(scope, dimensions, places),
    // Without any dimension all requests are one cell.
    keys: dimensions.length === 0 ? ["0"] : dimensions.map((_, index) => `place_${index}`),
    misses: await missCondition(engine),
    countsClients,
  });
  const keys = (dimensions.length === 0 ? ["0"] : dimensions).map((_, index) => `key_${index}`).join(", ");
  const columns = await engine.query(`
    SELECT ${keys}, ${COUNT_COLUMNS.join(", ")}
    FROM (SELECT ${keys}, ${sidesBeside()} FROM (${sums}) AS by_side GROUP BY ${keys}) AS beside
    ORDER BY ${keys}`);
  return { dimensions, cells: cellsOf(columns, listed) };
}

/** Writes the rows of a table from a column's keys to the values' places in their list, from 1 on. */
async function placesOf(engine: Engine, dimension: Dimension, values: readonly string[]): Promise<readonly string[]> {
  if (!engine.relation.columns.has(DIMENSION_COLUMNS[dimension])) return [];
  const keys = await Promise.all(values.map((value) => keysOf(engine, dimension, value)));
  const rows = new Map(keys.flatMap((some, index) => some.map((key) => [key, `(${key}, ${index + 1})`] as const)));
  return [...rows.values()];
}

/** Writes the requests with the places of what they have; 0 for what is not listed. Joins measured half of IN lists. */
function placed(scope: string, dimensions: readonly Dimension[], places: readonly (readonly string[])[]): string {
  const selected = places.map((rows, index) =>
    rows.length === 0 ? `0 AS place_${index}` : `CAST(coalesce(at_${index}.place, 0) AS SMALLINT) AS place_${index}`,
  );
  const joins = places.map((rows, index) =>
    rows.length === 0
      ? ""
      : `LEFT JOIN (VALUES ${rows.join(", ")}) AS at_${index} (listed, place)
        ON found.${DIMENSION_COLUMNS[dimensions[index] as Dimension]} = at_${index}.listed`,
  );
  return `(SELECT ${["found.*", ...selected].join(", ")} FROM ${scope} AS found ${joins.join(" ")})`;
}

function cellsOf(columns: Columns, listed: readonly (readonly string[])[]): readonly CubeCell[] {
  const counts = columns.slice(Math.max(1, listed.length));
  return (columns[0] ?? []).map((_, row) => ({
    values: listed.map((values, index) => values[Number(columns[index]?.[row]) - 1] ?? null),
    baseline: readCounts(counts, row, 0),
    spike: readCounts(counts, row, 1),
  }));
}
