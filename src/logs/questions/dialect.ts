/** What differs between the SQL of the two engines; everything else that is generated, both understand. */
export interface Dialect {
  readonly name: "duckdb" | "trino";
  /** What a dimension's column holds: a number of a dictionary, or the text itself. */
  readonly keyType: "INTEGER" | "VARCHAR";
  /** Whether clients are counted beside the other sums (one scan), or by a grouping of their own (twice as fast). */
  readonly countsClientsApart: boolean;
  /** How often a number goes into another, neither of them negative. */
  quotient(dividend: string, divisor: number): string;
  /** An aggregate that gives a value at or near the share `percentile` (0–1) of those that are not null. */
  percentile(expression: string, percentile: number): string;
}

/** Values stand in queries as literals: neither engine's drivers bind values everywhere, and this is all it takes. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** The one that is embedded. Its percentiles are exact. */
export const DUCKDB: Dialect = {
  name: "duckdb",
  keyType: "INTEGER",
  countsClientsApart: true,
  quotient: (dividend, divisor) => `(${dividend}) // ${divisor}`,
  percentile: (expression, percentile) => `quantile_disc(${expression}, ${percentile})`,
};

/**
 * Athena's. Integers divide to integers; exact percentiles there are none.
 *
 * @source https://trino.io/docs/current/functions/aggregate.html#approximate-aggregate-functions
 */
export const TRINO: Dialect = {
  name: "trino",
  keyType: "VARCHAR",
  countsClientsApart: false,
  quotient: (dividend, divisor) => `(${dividend}) / ${divisor}`,
  percentile: (expression, percentile) => `approx_percentile(${expression}, ${percentile})`,
};
