import { DAY_MS, type TimeWindow } from "../../../domain/time-window.ts";
import type { Relation } from "../../questions/engine.ts";
import { columnsOf, lineView } from "./line-view.ts";
import type { AthenaPlace } from "./place.ts";

/** Makes what questions are asked about: the requests in a table of lines. */
export function athenaRelation(table: string, place: AthenaPlace): Relation {
  const { format, paths, isByDay, lateMs } = place;
  return {
    name: lineView({ table, format, paths, isByDay }),
    columns: columnsOf(format),
    ...(isByDay && { prune: (windows) => daysOf(windows, lateMs) }),
  };
}

/** Writes which days' folders can hold a window's requests: what arrives before midnight may be delivered after it. */
export function daysOf(windows: readonly TimeWindow[], lateMs: number): string {
  const ranges = windows.map(({ startMs, endMs }) => {
    const first = dayOf(startMs);
    const last = dayOf(endMs + lateMs);
    return first === last ? `day = '${first}'` : `day BETWEEN '${first}' AND '${last}'`;
  });
  return `(${[...new Set(ranges)].join(" OR ")})`;
}

/** Gives the names of the folders that can hold a window's requests, oldest first: `2026/10/01`. */
export function dayFolders({ startMs, endMs }: TimeWindow, lateMs: number): readonly string[] {
  const days: string[] = [];
  for (let atMs = Math.floor(startMs / DAY_MS) * DAY_MS; atMs <= endMs + lateMs; atMs += DAY_MS) days.push(dayOf(atMs));
  return days;
}

function dayOf(ms: number): string {
  return new Date(Math.floor(ms / DAY_MS) * DAY_MS).toISOString().slice(0, 10).replaceAll("-", "/");
}
