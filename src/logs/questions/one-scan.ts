import { DIMENSION_COLUMNS } from "./columns.ts";
import { largestFirst, sidesBeside, sumsOf } from "./counts.ts";
import { RESULT_COLUMNS } from "./largest.ts";
import type { PreparedBreakdown } from "./prepared-breakdown.ts";

/**
 * Writes one query for all dimensions and the whole, which reads every request once: Athena charges by what it reads.
 *
 * Its rows are `part` (the dimension's index; the whole comes last), `key_0` and what `largestOf` gives, ordered by part.
 */
export function oneScan(question: PreparedBreakdown): string {
  const { dimensions, topN, rankBy, misses } = question;
  const columns = dimensions.map((dimension) => DIMENSION_COLUMNS[dimension]);
  const parts = `CASE ${partNumber(columns)} ${columns.map((_, index) => `WHEN ${bitsOf(index, columns.length)} THEN ${index}`).join(" ")} ELSE ${columns.length} END`;
  const keys = `CASE ${partNumber(columns)} ${columns.map((column, index) => `WHEN ${bitsOf(index, columns.length)} THEN CAST(${column} AS VARCHAR)`).join(" ")} END`;
  const sets = [...columns.map((column) => `(side, ${column})`), "(side)"].join(", ");
  const isDivided = columns.length > 0;
  return `
    SELECT part, key_0, ${RESULT_COLUMNS}, CAST(distinct_values AS DOUBLE) AS distinct_values
    FROM (
      SELECT *, count(key_0) OVER (PARTITION BY part) AS distinct_values,
        row_number() OVER (PARTITION BY part ORDER BY CASE WHEN key_0 IS NULL THEN 0 ELSE 1 END, ${largestFirst(rankBy, ["key_0"])}) AS place
      FROM (
        SELECT part, key_0, ${sidesBeside()}, min(first_ms) AS first_ms
        FROM (
          SELECT ${isDivided ? parts : "0"} AS part, ${isDivided ? keys : "CAST(NULL AS VARCHAR)"} AS key_0, side,
            ${sumsOf(misses)}, count(DISTINCT client) AS clients
          FROM ${question.scope(columns)} AS counted
          GROUP BY GROUPING SETS (${sets})
        ) AS by_side
        GROUP BY part, key_0
      ) AS beside
    ) AS ranked
    WHERE place <= ${topN + 1}
    ORDER BY part, place`;
}

function partNumber(columns: readonly string[]): string {
  return `grouping(${columns.join(", ")})`;
}

/** The bit of a column that is grouped by is 0, the first column's being the highest. */
function bitsOf(index: number, columns: number): number {
  return 2 ** columns - 1 - 2 ** (columns - 1 - index);
}
