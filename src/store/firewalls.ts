import type { FirewallReport } from "../ports/remembered.ts";
import type { Store } from "../ports/store.ts";
import type { Database } from "./database.ts";

/** A turn further off than this was reserved before the server's clock was put back, and is nobody's. */
const FURTHEST_TURN_MS = 120_000;

/** Keeps the turns of those who write to a firewall, by the server's clock, and what was last found in each. */
export function firewallsIn(database: Database): Pick<Store, "reserveTurn" | "saveFirewallReport" | "firewallReports"> {
  return {
    async reserveTurn(lane, everyMs) {
      const [row] = await database.query<{ readonly wait_ms: number }>(
        `INSERT INTO write_turns AS turn (lane, next_ms) VALUES ($1, ${NOW_MS} + $2)
         ON CONFLICT (lane) DO UPDATE SET next_ms = $2 + CASE
           WHEN turn.next_ms BETWEEN ${NOW_MS} AND ${NOW_MS} + ${FURTHEST_TURN_MS} THEN turn.next_ms
           ELSE ${NOW_MS} END
         RETURNING next_ms - $2 - ${NOW_MS} AS wait_ms`,
        [lane, everyMs],
      );
      return Math.max(0, row?.wait_ms ?? 0);
    },

    async saveFirewallReport(report) {
      await database.query(
        `INSERT INTO firewall_reports AS held (firewall, report, checked_ms) VALUES ($1, $2, $3)
         ON CONFLICT (firewall) DO UPDATE SET report = $2, checked_ms = $3 WHERE held.checked_ms <= $3`,
        [report.firewall, JSON.stringify(report), report.checkedMs],
      );
    },

    async firewallReports() {
      const rows = await database.query<{ readonly report: FirewallReport }>(
        "SELECT report FROM firewall_reports ORDER BY firewall",
      );
      return rows.map(({ report }) => report);
    },
  };
}

/** Looked at when it is needed, and not when the statement began: it may have waited for the row. */
const NOW_MS = "floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint";
