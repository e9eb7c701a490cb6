import type { TimeWindow } from "../../domain/time-window.ts";
import type { WindowPair } from "../../domain/traffic.ts";
import { type RequestColumn, selectColumn } from "./columns.ts";
import type { Engine } from "./engine.ts";

/** Sides of a comparison, as queries number them. */
export const SIDES = [0, 1] as const;
export type Side = (typeof SIDES)[number];

/**
 * Writes a subquery of the requests of both windows: `side` (0 baseline, 1 spike), `arrival_ms` and the columns asked
 * for. What is in both windows is there twice, but read once: Athena charges by what it reads.
 */
export function scopeOf(
  { relation, dialect }: Engine,
  { baseline, spike }: WindowPair,
  { condition, columns }: { condition: string; columns: Iterable<RequestColumn> },
): string {
  const selected = [...new Set(columns)].map((column) => selectColumn(relation, dialect, column));
  const list = ["arrival_ms", ...selected].join(", ");
  const narrowed = `${pruned(relation, [baseline, spike])}${condition}`;
  if (baseline.endMs <= spike.startMs || spike.endMs <= baseline.startMs) {
    return `(SELECT CASE WHEN ${within(spike)} THEN 1 ELSE 0 END AS side, ${list} FROM ${relation.name}
      WHERE ${withinEither([baseline, spike])} AND ${narrowed})`;
  }
  const bounds = [baseline, spike].map(({ startMs, endMs }, side) => `(${side}, ${startMs}, ${endMs})`);
  return `(SELECT side, ${list} FROM ${relation.name}
      CROSS JOIN (VALUES ${bounds.join(", ")}) AS sides (side, start_ms, end_ms)
      WHERE arrival_ms >= start_ms AND arrival_ms < end_ms AND ${narrowed})`;
}

/** Writes a subquery of the requests of one window: `arrival_ms` and the columns asked for. */
export function windowOf(
  { relation, dialect }: Engine,
  window: TimeWindow,
  { condition, columns }: { condition: string; columns: Iterable<RequestColumn> },
): string {
  const selected = [...new Set(columns)].map((column) => selectColumn(relation, dialect, column));
  return `(SELECT ${["arrival_ms", ...selected].join(", ")} FROM ${relation.name}
      WHERE ${within(window)} AND ${pruned(relation, [window])}${condition})`;
}

function within({ startMs, endMs }: TimeWindow): string {
  return `arrival_ms >= ${startMs} AND arrival_ms < ${endMs}`;
}

/** Writes windows that touch as one: two bounds for each request instead of four, and blocks that lie within need none. */
function withinEither(windows: readonly TimeWindow[]): string {
  const [first, second] = filledOf(windows).toSorted((a, b) => a.startMs - b.startMs);
  if (first === undefined) return "false";
  if (second === undefined) return within(first);
  if (first.endMs === second.startMs) return within({ startMs: first.startMs, endMs: second.endMs });
  return `((${within(first)}) OR (${within(second)}))`;
}

function filledOf(windows: readonly TimeWindow[]): readonly TimeWindow[] {
  return windows.filter(({ startMs, endMs }) => startMs < endMs);
}

function pruned(relation: Engine["relation"], windows: readonly TimeWindow[]): string {
  const filled = filledOf(windows);
  return relation.prune === undefined || filled.length === 0 ? "" : `${relation.prune(filled)} AND `;
}
