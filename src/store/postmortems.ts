import type { Store } from "../ports/store.ts";
import type { Database } from "./database.ts";

/** Keeps the latest draft of each incident's postmortem. */
export function postmortemsIn(database: Database): Pick<Store, "savePostmortem" | "postmortem"> {
  return {
    async savePostmortem(incidentId, markdown, atMs) {
      await database.query(
        `INSERT INTO postmortems (incident_id, markdown, saved_ms) VALUES ($1, $2, $3)
         ON CONFLICT (incident_id) DO UPDATE SET markdown = excluded.markdown, saved_ms = excluded.saved_ms
         WHERE postmortems.saved_ms <= excluded.saved_ms`,
        [incidentId, markdown, atMs],
      );
    },

    async postmortem(incidentId) {
      const [row] = await database.query<{ readonly markdown: string; readonly saved_ms: number }>(
        "SELECT markdown, saved_ms FROM postmortems WHERE incident_id = $1",
        [incidentId],
      );
      return row ? { markdown: row.markdown, savedMs: row.saved_ms } : null;
    },
  };
}
