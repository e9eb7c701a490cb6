import type { Finding } from "../domain/finding.ts";
import type { TrafficFilter } from "../domain/traffic.ts";
import type { Investigation } from "../ports/remembered.ts";
import type { Store } from "../ports/store.ts";
import type { Database } from "./database.ts";
import { learnFromFindings } from "./incidents.ts";
import { person, personOrNull } from "./people.ts";
import { completeIntake, type StoredIntake } from "./stored-intake.ts";

interface Row {
  readonly id: string;
  readonly service: string;
  readonly channel_id: string;
  readonly requested_by_id: string;
  readonly requested_by_name: string;
  readonly window_start_ms: number;
  readonly window_end_ms: number;
  readonly filter: TrafficFilter;
  readonly message_ts: string | null;
  readonly created_ms: number;
  readonly state: Investigation["state"];
  readonly finding: Finding | null;
  readonly intake: StoredIntake | null;
  readonly incident_id: string | null;
  readonly cancelled_by_id: string | null;
  readonly cancelled_by_name: string | null;
}

type Investigations = Pick<
  Store,
  | "createInvestigation"
  | "setInvestigationMessage"
  | "finishInvestigation"
  | "cancelInvestigation"
  | "investigation"
  | "investigationsOf"
  | "latestInvestigation"
>;

/** Keeps investigations and their findings. */
export function investigationsIn(database: Database): Investigations {
  return {
    async createInvestigation(investigation) {
      await database.query(
        `INSERT INTO investigations (id, service, channel_id, requested_by_id, requested_by_name, window_start_ms,
           window_end_ms, filter, message_ts, created_ms, state, finding, intake, incident_id, cancelled_by_id,
           cancelled_by_name)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) ON CONFLICT (id) DO NOTHING`,
        [
          investigation.id,
          investigation.service,
          investigation.channelId,
          investigation.requestedBy.id,
          investigation.requestedBy.name,
          investigation.window.startMs,
          investigation.window.endMs,
          JSON.stringify(investigation.filter),
          investigation.messageTs,
          investigation.createdMs,
          investigation.state,
          investigation.finding && JSON.stringify(investigation.finding),
          investigation.intake && JSON.stringify(investigation.intake),
          investigation.incidentId,
          investigation.cancelledBy?.id ?? null,
          investigation.cancelledBy?.name ?? null,
        ],
      );
    },

    async setInvestigationMessage(id, messageTs) {
      await database.query("UPDATE investigations SET message_ts = $2 WHERE id = $1", [id, messageTs]);
    },

    async finishInvestigation(id, result) {
      return database.transaction(async (query) => {
        if (result === "failed") {
          // A finding stays: a late failure of a job that ran twice does not take it away.
          await query("UPDATE investigations SET state = 'failed' WHERE id = $1 AND state = 'running'", [id]);
        } else {
          const [finished] = await query<Pick<Row, "incident_id">>(
            `UPDATE investigations SET state = 'done', finding = $2, intake = $3
             WHERE id = $1 AND state IN ('running', 'failed') RETURNING incident_id`,
            [id, JSON.stringify(result.finding), JSON.stringify(result.intake)],
          );
          if (finished?.incident_id != null) await learnFromFindings(query, finished.incident_id);
        }
        const [row] = await query<Pick<Row, "state">>("SELECT state FROM investigations WHERE id = $1", [id]);
        return row?.state !== "cancelled";
      });
    },

    async cancelInvestigation(id, by) {
      const cancelled = await database.query(
        `UPDATE investigations SET state = 'cancelled', cancelled_by_id = $2, cancelled_by_name = $3
         WHERE id = $1 AND state = 'running' RETURNING id`,
        [id, by.id, by.name],
      );
      return cancelled.length > 0;
    },

    async investigation(id) {
      const [row] = await database.query<Row>("SELECT * FROM investigations WHERE id = $1", [id]);
      return row ? fromRow(row) : null;
    },

    async investigationsOf(incidentId) {
      const rows = await database.query<Row>(
        "SELECT * FROM investigations WHERE incident_id = $1 ORDER BY created_ms, id",
        [incidentId],
      );
      return rows.map(fromRow);
    },

    async latestInvestigation(service, sinceMs) {
      const [row] = await database.query<Row>(
        `SELECT * FROM investigations WHERE service = $1 AND created_ms >= $2 AND state = 'done'
         ORDER BY created_ms DESC, id DESC LIMIT 1`,
        [service, sinceMs],
      );
      return row ? fromRow(row) : null;
    },
  };
}

function fromRow(row: Row): Investigation {
  return {
    id: row.id,
    service: row.service,
    channelId: row.channel_id,
    requestedBy: person(row.requested_by_id, row.requested_by_name),
    window: { startMs: row.window_start_ms, endMs: row.window_end_ms },
    filter: row.filter,
    messageTs: row.message_ts,
    createdMs: row.created_ms,
    state: row.state,
    cancelledBy: personOrNull(row.cancelled_by_id, row.cancelled_by_name),
    finding: row.finding,
    intake: row.intake && completeIntake(row.intake),
    incidentId: row.incident_id,
  };
}
