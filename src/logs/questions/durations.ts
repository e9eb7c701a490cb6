/** Pieces of SQL about how long requests took. */
import type { RequestColumn } from "./columns.ts";

/** WebSockets last as long as somebody looks at a page. */
export const NO_WEB_SOCKET = "coalesce(status, 0) <> 101";

/** Writes a column of seconds in whole microseconds, as logs give them at best: by these, equals of a FLOAT are equal. */
export function microsOf(column: RequestColumn): string {
  return `round(CAST(${column} AS DOUBLE) * 1e6)`;
}

/** Gives seconds to be compared with those. */
export function toMicros(secs: number): number {
  return Math.round(secs * 1e6);
}
