import { CACHE_MISS_WORDS } from "../../domain/cache-words.ts";
import { DIMENSIONS, type Dimension, type TrafficFilter, type WithoutClients } from "../../domain/traffic.ts";
import { DIMENSION_COLUMNS } from "./columns.ts";
import type { Engine } from "./engine.ts";

/** Writes a filter as a condition over the relation; a value that no request has is a condition that none meets. */
export async function filterCondition(engine: Engine, filter: TrafficFilter | undefined): Promise<string> {
  const conditions: string[] = [];
  for (const dimension of DIMENSIONS) {
    const only = filter?.only?.[dimension];
    const not = [filter?.not?.[dimension] ?? [], filter?.noneOf?.[dimension] ?? []].flat();
    if (only !== undefined) conditions.push(await hasValue(engine, dimension, [only]));
    // A request whose value is unknown has none of these, so it stays.
    if (not.length > 0) conditions.push(`NOT coalesce(${await hasValue(engine, dimension, not)}, false)`);
  }
  return conditions.length === 0 ? "true" : conditions.join(" AND ");
}

/** Caches write their words in small letters, in capitals or as CloudFront does. */
const MISS_SPELLINGS = CACHE_MISS_WORDS.flatMap((word) => [
  word,
  word.toUpperCase(),
  `${word.charAt(0).toUpperCase()}${word.slice(1)}`,
]);

/** Writes whether the cache could not answer a request; null where it is not known what the cache did. */
export function missCondition(engine: Engine): Promise<string> {
  return hasValue(engine, "cache", MISS_SPELLINGS);
}

/** Writes that a request is of none of these clients; without any, all pass. */
export async function withoutClients(engine: Engine, without: WithoutClients | undefined): Promise<string> {
  const left = Object.entries(without ?? {}).filter(([, texts]) => texts.length > 0) as [Dimension, string[]][];
  const conditions = await Promise.all(
    left.map(async ([dimension, texts]) => `NOT coalesce(${await hasValue(engine, dimension, texts)}, false)`),
  );
  return conditions.length === 0 ? "true" : conditions.join(" AND ");
}

async function hasValue(engine: Engine, dimension: Dimension, texts: readonly string[]): Promise<string> {
  const column = DIMENSION_COLUMNS[dimension];
  if (!engine.relation.columns.has(column)) return "false";
  const keys = (await Promise.all(texts.map((text) => keysOf(engine, dimension, text)))).flat();
  return keys.length === 0 ? "false" : `${column} IN (${keys.join(", ")})`;
}

/** Gives the literals of what a dimension's column holds for a text; none where no request has it. */
export async function keysOf(engine: Engine, dimension: Dimension, text: string): Promise<readonly string[]> {
  if (dimension !== "status") return engine.keysOf(dimension, text);
  return /^[1-9]\d{0,3}$/.test(text) ? [text] : [];
}
