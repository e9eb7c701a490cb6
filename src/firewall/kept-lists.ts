/** The published lists on this machine: those that were fetched, and where none were those that came with the program. */
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { parseNetwork } from "../domain/address.ts";
import {
  PUBLISHED_LISTS,
  PUBLISHERS,
  type PublishedList,
  replaceLists,
  SHIPPED_LISTS,
} from "../domain/published-ranges.ts";
import type { Log } from "../log.ts";

/** In SPILLWAY_HOME. */
export const LISTS_FILE = "published-ranges.json";

const Kept = z.array(
  z.object({
    name: z.enum(PUBLISHED_LISTS),
    asOf: z.string(),
    cidrs: z.array(z.string().refine((text) => parseNetwork(text).ok, "a network")).min(1),
  }),
);

/** Gives the lists as they are now, read again when the file has changed. A file that cannot be read changes nothing. */
export function keptLists(path: string, log: Log): () => readonly PublishedList[] {
  let readMs: number | null = null;
  let lists = SHIPPED_LISTS;
  return () => {
    const changedMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null;
    if (changedMs === readMs) return lists;
    readMs = changedMs;
    try {
      lists = replaceLists(SHIPPED_LISTS, readKept(path));
    } catch (error) {
      log.error({ err: error, path }, "published ranges not read, the ones known before stay");
    }
    return lists;
  };
}

/** Empty where nothing was fetched yet. @throws where the file is not ours */
export function readKept(path: string): readonly PublishedList[] {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return [];
  return Kept.parse(JSON.parse(readFileSync(path, "utf8"))).map((list) => ({ ...list, ...PUBLISHERS[list.name] }));
}

/** Whoever reads meanwhile sees the old file or the new one, and no half. */
export function writeKept(path: string, lists: readonly PublishedList[]): void {
  mkdirSync(dirname(path), { recursive: true });
  const kept = lists.map(({ name, asOf, cidrs }) => ({ name, asOf, cidrs }));
  writeFileSync(`${path}.new`, `${JSON.stringify(kept, null, 1)}\n`);
  renameSync(`${path}.new`, path);
}
