import type { RequestColumn } from "./columns.ts";
import type { Relation } from "./engine.ts";

/** Gives the columns that are equal where the same client asks for the same again, as far as the relation has them. */
export function sameRequest({ columns }: Relation): {
  readonly columns: readonly RequestColumn[];
  readonly comparesQuery: boolean;
} {
  const query = (["query", "query_hash"] as const).find((column) => columns.has(column));
  return { columns: ["client", "path", ...(query === undefined ? [] : [query])], comparesQuery: query !== undefined };
}
