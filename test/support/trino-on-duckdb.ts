/** What DuckDB lacks of Trino's functions, as macros, so that SQL for Athena can be run on it. */
import type { LogDatabase } from "../../src/logs/engines/duckdb/database.ts";

const MACROS = [
  "approx_percentile(x, share) AS quantile_disc(x, share)",
  "from_iso8601_timestamp(x) AS CAST(x AS TIMESTAMPTZ)",
  "parse_datetime(x, format) AS strptime(x, '%d/%b/%Y:%H:%M:%S %z')",
  "to_unixtime(x) AS epoch(x)",
  // DuckDB writes `\\1` for `$1`, and replaces once unless it is told.
  "replace_all(x, pattern, replacement) AS regexp_replace(x, pattern, replace(replacement, '$', '\\'), 'g')",
  "array_join(x, separator) AS array_to_string(x, separator)",
  // DuckDB's own is in no order.
  "array_distinct(x) AS list_filter(x, lambda each, place: list_position(x, each) = place)",
  "json_extract_scalar(x, path) AS json_extract_string(x, path)",
];

export async function pretendTrino(database: LogDatabase): Promise<void> {
  for (const macro of MACROS) await database.run(`CREATE MACRO ${macro}`);
  // Trino divides integers to integers.
  await database.run("SET GLOBAL integer_division = true");
  await database.run("SET GLOBAL TimeZone = 'UTC'");
}

/** Rewrites the one call that no macro can take the place of. */
export function onDuckDb(sql: string): string {
  return sql.replaceAll("regexp_replace(", "replace_all(");
}
