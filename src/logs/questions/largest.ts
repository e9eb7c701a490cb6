/** The query that every breakdown is made of: groups counted on both sides, the largest of them, and the rest summed up. */
import type { Dimension, Rank, SliceRow } from "../../domain/traffic.ts";
import { COUNT_COLUMNS, compareByRank, largestFirst, readCounts, sidesBeside, sumsOf } from "./counts.ts";
import type { Cell, Columns, Engine } from "./engine.ts";

/** Writes the sums of groups by side: the keys, `side`, what `sumsOf` gives and `clients`. */
export function sumsBySide(
  engine: Engine,
  groups: {
    /** A relation with `side`, `client` and what the keys and sums are made from. */
    readonly scope: string;
    /** Expressions, of which the result's `key_0`, `key_1` … are the values. */
    readonly keys: readonly string[];
    readonly misses: string;
    /** `by-client` where a group has one client at most. */
    readonly countsClients: boolean | "by-client";
  },
): string {
  const { scope, keys, misses, countsClients } = groups;
  const selected = keys.map((key, index) => `${key} AS key_${index}`).join(", ");
  const ordinals = [...keys.map((_, index) => index + 1), keys.length + 1].join(", ");
  const sums = `SELECT ${selected}, side, ${sumsOf(misses)}`;
  if (!countsClients) return `${sums}, 0 AS clients FROM ${scope} AS counted GROUP BY ${ordinals}`;
  if (countsClients === "by-client") {
    return `${sums}, max(CASE WHEN client IS NULL THEN 0 ELSE 1 END) AS clients FROM ${scope} AS counted GROUP BY ${ordinals}`;
  }
  if (!engine.dialect.countsClientsApart) {
    return `${sums}, count(DISTINCT client) AS clients FROM ${scope} AS counted GROUP BY ${ordinals}`;
  }
  const names = keyNames(keys.length);
  const known = [...names, "client"].map((name) => `${name} IS NOT NULL`).join(" AND ");
  // Distinct pairs and one more grouping measured half the time of count(DISTINCT).
  return `
    SELECT sums.*, coalesce(apart.clients, 0) AS clients
    FROM (${sums} FROM ${scope} AS counted GROUP BY ${ordinals}) AS sums
    LEFT JOIN (
      SELECT ${names.join(", ")}, side, count(*) AS clients FROM (
        SELECT DISTINCT * FROM (SELECT ${selected}, side, client FROM ${scope} AS counted) AS keyed WHERE ${known}
      ) AS pairs GROUP BY ${names.join(", ")}, side
    ) AS apart USING (${names.join(", ")}, side)`;
}

/**
 * Writes the largest of such groups. What has no key comes first, then the others by rank; one more than asked for,
 * since the first may be missing.
 */
export function largestOf(sums: string, limit: { keys: number; rankBy: Rank; topN: number }): string {
  const names = keyNames(limit.keys);
  return `
    SELECT ${names.join(", ")}, ${RESULT_COLUMNS}, CAST(count(key_0) OVER () AS DOUBLE) AS distinct_values
    FROM (SELECT ${names.join(", ")}, ${sidesBeside()}, min(first_ms) AS first_ms
      FROM (${sums}) AS by_side GROUP BY ${names.join(", ")}) AS beside
    ORDER BY CASE WHEN key_0 IS NULL THEN 0 ELSE 1 END, ${largestFirst(limit.rankBy, names)}
    LIMIT ${limit.topN + 1}`;
}

export const RESULT_COLUMNS = `CAST(first_ms AS DOUBLE) AS first_ms, ${COUNT_COLUMNS.join(", ")}`;

function keyNames(keys: number): readonly string[] {
  return Array.from({ length: keys }, (_, index) => `key_${index}`);
}

/** The largest groups as they were read, before their keys are texts. */
export interface Largest {
  /** Each key's column, a cell for each group. */
  readonly keys: Columns;
  readonly groups: readonly Omit<SliceRow, "value">[];
  readonly distinct: number;
  readonly unknown: { readonly baselineRequests: number; readonly spikeRequests: number };
}

/** Reads the result of `largestOf`. */
export function readLargest(columns: Columns, limit: { keys: number; topN: number }): Largest {
  const keys = columns.slice(0, limit.keys);
  const [firstMs = [], ...counts] = columns.slice(limit.keys);
  const rows = keys[0]?.length ?? 0;
  const isUnknown = rows > 0 && keys[0]?.[0] === null;
  const from = isUnknown ? 1 : 0;
  const end = Math.min(rows, from + limit.topN);
  const groups: Omit<SliceRow, "value">[] = [];
  for (let row = from; row < end; row += 1) {
    groups.push({
      baseline: readCounts(counts, row, 0),
      spike: readCounts(counts, row, 1),
      firstSeenMs: Number(firstMs[row]),
    });
  }
  return {
    keys: keys.map((cells) => cells.slice(from, end)),
    groups,
    distinct: Number(counts[COUNT_COLUMNS.length]?.[0] ?? 0),
    unknown: {
      baselineRequests: isUnknown ? readCounts(counts, 0, 0).requests : 0,
      spikeRequests: isUnknown ? readCounts(counts, 0, 1).requests : 0,
    },
  };
}

/** Gives the texts of a dimension's keys; a status is its own. */
export async function textsOf(engine: Engine, dimension: Dimension, keys: readonly Cell[]): Promise<readonly string[]> {
  return dimension === "status" ? keys.map(String) : engine.textsOf(dimension, keys);
}

/** Puts rows in the order that people read them in. */
export function inOrder<Row extends Omit<SliceRow, "value">>(
  rows: readonly Row[],
  rankBy: Rank,
  compareValues: (a: Row, b: Row) => number,
): readonly Row[] {
  const compare = compareByRank(rankBy);
  return rows.toSorted((a, b) => compare(a, b) || compareValues(a, b));
}

export function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
