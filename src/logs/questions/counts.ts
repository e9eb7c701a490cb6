import type { Rank, TrafficCounts } from "../../domain/traffic.ts";
import type { RequestColumn } from "./columns.ts";
import { microsOf } from "./durations.ts";
import type { Cell, Columns } from "./engine.ts";
import { SIDES, type Side } from "./scope.ts";

/** What the sums of requests are made from. */
export const COUNTED_COLUMNS: readonly RequestColumn[] = ["client", "status", "bytes", "backend_secs", "cache"];

/** The sums of a group of requests, in the order of their columns. */
const SUMS = ["requests", "bytes", "errors", "backend_us", "misses"] as const;

/**
 * Writes the sums of a group, all but its clients. Those of doubles that are whole numbers are exact, come out the same
 * in any order, and are added faster than large integers.
 */
export function sumsOf(missCondition: string): string {
  return `count(*) AS requests, coalesce(sum(CAST(bytes AS DOUBLE)), 0) AS bytes,
    count(CASE WHEN status >= 500 THEN 1 END) AS errors,
    ${microsSum("backend_secs")} AS backend_us,
    ${missesSum(missCondition)} AS misses,
    min(arrival_ms) AS first_ms`;
}

/** Writes the sum of a column of seconds in microseconds; null where none is known. */
export function microsSum(column: RequestColumn): string {
  return `sum(${microsOf(column)})`;
}

/** Writes how many requests the cache could not answer; null where it is said of none what it did. */
export function missesSum(missCondition: string): string {
  return `sum(CASE WHEN ${missCondition} THEN 1e0 WHEN cache IS NOT NULL THEN 0e0 END)`;
}

/** Writes how sums of parts make sums of the whole. */
export const SUMS_OF_SUMS = [...SUMS.map((sum) => `sum(${sum}) AS ${sum}`), "min(first_ms) AS first_ms"].join(", ");

/** Writes the sums of both sides beside each other, from rows that have one side each. */
export function sidesBeside(): string {
  return SIDES.flatMap((side) =>
    [...SUMS, "clients"].map((sum) => {
      const ofSide = `sum(CASE WHEN side = ${side} THEN CAST(${sum} AS DOUBLE) END)`;
      const isNullable = sum === "backend_us" || sum === "misses";
      return `${isNullable ? ofSide : `coalesce(${ofSide}, 0)`} AS ${sum}_${side}`;
    }),
  ).join(", ");
}

/** The names of what `sidesBeside` gives, in its order. */
export const COUNT_COLUMNS = SIDES.flatMap((side) => [...SUMS, "clients"].map((sum) => `${sum}_${side}`));

const RANK_SUMS = {
  requests: "requests",
  bytes: "bytes",
  backendSecs: "backend_us",
  errors: "errors",
  cacheMisses: "misses",
} as const satisfies Readonly<Record<Rank, (typeof SUMS)[number]>>;

/** Writes the order in which values are taken: by the larger side, then those seen first. */
export function largestFirst(rankBy: Rank, keys: readonly string[]): string {
  const sides = SIDES.map((side) => `coalesce(${RANK_SUMS[rankBy]}_${side}, 0)`);
  return `greatest(${sides.join(", ")}) DESC, first_ms, ${keys.join(", ")}`;
}

/** Reads one row's counts of one side from the columns of `COUNT_COLUMNS`; zeros where there is no such row. */
export function readCounts(columns: Columns, row: number, side: Side): TrafficCounts {
  const from = side * (SUMS.length + 1);
  const backendUs = columns[from + 3]?.[row] ?? null;
  const misses = columns[from + 4]?.[row] ?? null;
  return {
    requests: Number(columns[from]?.[row] ?? 0),
    bytes: Number(columns[from + 1]?.[row] ?? 0),
    errors: Number(columns[from + 2]?.[row] ?? 0),
    clients: Number(columns[from + 5]?.[row] ?? 0),
    backendSecs: backendUs === null ? null : toSecs(backendUs),
    cacheMisses: misses === null ? null : Number(misses),
  };
}

function toSecs(micros: Cell): number {
  return Number(micros) / 1e6;
}

/** Compares rows for people: by the spike, then the baseline; 0 where only the values can tell. */
export function compareByRank(
  rankBy: Rank,
): (
  a: { readonly baseline: TrafficCounts; readonly spike: TrafficCounts },
  b: { readonly baseline: TrafficCounts; readonly spike: TrafficCounts },
) => number {
  return (a, b) =>
    (b.spike[rankBy] ?? 0) - (a.spike[rankBy] ?? 0) || (b.baseline[rankBy] ?? 0) - (a.baseline[rankBy] ?? 0);
}
