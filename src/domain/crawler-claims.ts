import type { Scene } from "./causes/scene.ts";
import type { CheckedCrawler } from "./crawlers.ts";
import type { GuiltySlice } from "./slices.ts";
import { crawlerOf } from "./traits.ts";

/**
 * Says in a clause each which of those that are to be dealt with say that they are a search engine's crawler. To turn one
 * away costs more than its requests do, and it takes a limit's refusal for one; what only says so is not known to be one.
 */
export function crawlerClaims(chosen: readonly GuiltySlice[], scene: Scene): readonly string[] {
  const claims = new Map<string, { crawler: CheckedCrawler; of: GuiltySlice[] }>();
  for (const slice of chosen) {
    const crawler = crawlerOf(slice, scene);
    if (crawler === null) continue;
    const key = `${crawler.name} ${crawler.check}`;
    const of = [...(claims.get(key)?.of ?? []), slice];
    claims.set(key, { crawler, of });
  }
  return [...claims.values()].map(({ crawler: { name, check }, of }) => {
    const isForged = check === "forged";
    if (of.length > 1) {
      return `${of.length} of them say that they are ${name}${isForged ? ", and DNS says that they are not" : ": verify that first"}`;
    }
    const who = chosen.length === 1 ? "it" : of[0]?.row.value;
    return `${who} says that it is ${name}${isForged ? ", and DNS says that it is not" : ": verify that first"}`;
  });
}

/** Writes such clauses as sentences; empty for none. */
export function cautionOf(claims: readonly string[]): string {
  return claims.map((clause) => `${clause.charAt(0).toUpperCase()}${clause.slice(1)}.`).join(" ");
}
