import { DAY_MS, type TimeWindow } from "../../../domain/time-window.ts";
import { sqlText } from "../../questions/dialect.ts";
import type { Relation } from "../../questions/engine.ts";
import { boundsOf } from "./key-bounds.ts";
import { columnsOf, lineView } from "./line-view.ts";
import type { AthenaPlace } from "./place.ts";

type Days = Pick<AthenaPlace, "earlyMs" | "lateMs">;

/** Makes what questions are asked about: the requests in a table of lines. */
export function athenaRelation(table: string, place: AthenaPlace): Relation {
  const { format, isByDay, keys } = place;
  const conditions = (windows: readonly TimeWindow[]) => [
    ...(isByDay ? [daysOf(windows, place)] : []),
    ...(keys === null ? [] : [pathsOf(windows, place)]),
  ];
  return {
    name: lineView({ table, format, isByDay }),
    columns: columnsOf(format),
    ...((isByDay || keys !== null) && { prune: (windows) => conditions(windows).join(" AND ") }),
  };
}

/** Writes which days' folders can hold a window's requests: what arrives before midnight may be delivered after it. */
export function daysOf(windows: readonly TimeWindow[], { earlyMs, lateMs }: Days): string {
  const ranges = windows.map(({ startMs, endMs }) => {
    const first = dayOf(startMs - earlyMs);
    const last = dayOf(endMs + lateMs);
    return first === last ? `day = '${first}'` : `day BETWEEN '${first}' AND '${last}'`;
  });
  return `(${[...new Set(ranges)].join(" OR ")})`;
}

/**
 * Writes which objects can hold a window's requests, whoever else's lie beside them. Only by plain comparisons of the
 * path does the engine know before it opens an object that it need not.
 *
 * @source https://github.com/trinodb/trino `pathMatchesPredicate`, on which Athena's engine 3 is built
 */
function pathsOf(windows: readonly TimeWindow[], { location, keys }: AthenaPlace): string {
  const bucket = /^s3:\/\/[^/]+\//.exec(location)?.[0] ?? "";
  const ranges = windows.flatMap((window) =>
    (keys?.(window) ?? []).map((listing) => {
      const { from, isFromIncluded, before } = boundsOf(listing);
      return `file ${isFromIncluded ? ">=" : ">"} ${sqlText(bucket + from)} AND file < ${sqlText(bucket + before)}`;
    }),
  );
  return ranges.length === 0 ? "false" : `(${[...new Set(ranges)].join(" OR ")})`;
}

/** Gives the names of the folders that can hold a window's requests, oldest first: `2026/10/01`. */
export function dayFolders({ startMs, endMs }: TimeWindow, { earlyMs, lateMs }: Days): readonly string[] {
  const days: string[] = [];
  const firstMs = Math.floor((startMs - earlyMs) / DAY_MS) * DAY_MS;
  for (let atMs = firstMs; atMs <= endMs + lateMs; atMs += DAY_MS) days.push(dayOf(atMs));
  return days;
}

function dayOf(ms: number): string {
  return new Date(Math.floor(ms / DAY_MS) * DAY_MS).toISOString().slice(0, 10).replaceAll("-", "/");
}
