import { DIMENSIONS, type Dimension, type TrafficFilter } from "../../../domain/traffic.ts";
import type { LogDatabase } from "./database.ts";
import { DIMENSION_SOURCES, type DimensionSource } from "./dimensions.ts";

/** Writes a filter as an SQL condition over `requests`; a value that no request has is a condition that none meets. */
export async function filterCondition(database: LogDatabase, filter: TrafficFilter | undefined): Promise<string> {
  const conditions = ["true"];
  for (const dimension of DIMENSIONS) {
    const only = filter?.only?.[dimension];
    const not = filter?.not?.[dimension];
    if (only !== undefined) conditions.push(await hasValue(dimension, only));
    // A request whose value is unknown does not have this value, so it stays.
    if (not !== undefined) conditions.push(`NOT coalesce(${await hasValue(dimension, not)}, false)`);
  }
  return conditions.join(" AND ");

  async function hasValue(dimension: Dimension, value: string): Promise<string> {
    const source = DIMENSION_SOURCES[dimension];
    const number = await numberOf(source, value);
    if (number === null) return "false";
    return source.link === null
      ? `${source.column} = ${number}`
      : `${source.column} IN (SELECT id FROM ${source.link} WHERE derived = ${number})`;
  }

  async function numberOf(source: DimensionSource, value: string): Promise<number | null> {
    if (source.dictionary === null) return /^\d{1,9}$/.test(value) ? Number(value) : null;
    const [[id = null] = []] = await database.columns(`SELECT id FROM ${source.dictionary} WHERE value = $value`, {
      value,
    });
    return id === null ? null : Number(id);
  }
}
