import { HOUR_MS } from "../domain/time-window.ts";
import type { Store } from "../ports/store.ts";
import type { Database } from "./database.ts";

/** The beginning of an episode is found anew with each look, and may come out some steps earlier or later. */
const SAME_EPISODE_MS = HOUR_MS;

/** Keeps one sighting a service; the row's lock sees to it that of several looks at once one tells people. */
export function sightingsIn(database: Database): Pick<Store, "claimSighting" | "releaseSighting"> {
  return {
    async claimSighting({ service, openedMs, seenMs }) {
      return database.transaction(async (query) => {
        const added = await query(
          `INSERT INTO sightings (service, opened_ms, seen_ms, is_told) VALUES ($1, $2, $3, true)
           ON CONFLICT DO NOTHING RETURNING service`,
          [service, openedMs, seenMs],
        );
        if (added.length === 1) return true;
        const claimed = await query(
          `UPDATE sightings SET opened_ms = $2, seen_ms = $3, is_told = true
           WHERE service = $1 AND (NOT is_told OR seen_ms < $2 - $4::bigint) RETURNING service`,
          [service, openedMs, seenMs, SAME_EPISODE_MS],
        );
        if (claimed.length === 1) return true;
        await query("UPDATE sightings SET seen_ms = GREATEST(seen_ms, $2) WHERE service = $1", [service, seenMs]);
        return false;
      });
    },

    async releaseSighting(service) {
      await database.query("UPDATE sightings SET is_told = false WHERE service = $1", [service]);
    },
  };
}
