import type { Finding } from "../domain/finding.ts";
import type { Incident } from "../domain/incident.ts";
import type { Store } from "../ports/store.ts";
import type { Database } from "./database.ts";
import { person, personOrNull } from "./people.ts";

interface Row {
  readonly id: string;
  readonly number: number;
  readonly title: string;
  readonly service: string | null;
  readonly channel_id: string;
  readonly state: Incident["state"];
  readonly started_ms: number | null;
  readonly declared_ms: number;
  readonly declared_by_id: string;
  readonly declared_by_name: string;
  readonly resolved_ms: number | null;
  readonly resolved_by_id: string | null;
  readonly resolved_by_name: string | null;
  readonly is_drill: boolean;
}

type Incidents = Pick<
  Store,
  | "declareIncident"
  | "resolveIncident"
  | "incident"
  | "incidentByNumber"
  | "openIncident"
  | "latestIncident"
  | "incidents"
>;
type NewIncident = Omit<Incident, "number">;

/** Held until the end of the transaction: who declares waits for who is declaring, so numbers have no gaps. */
const NUMBERING_LOCK = 7_207_446;

/** Keeps incidents. People count them, so numbers run from 1 without gaps. */
export function incidentsIn(database: Database): Incidents {
  const first = async (where: string, values: readonly unknown[]) => {
    const [row] = await database.query<Row>(`SELECT * FROM incidents WHERE ${where}`, values);
    return row ? fromRow(row) : null;
  };
  return {
    declareIncident: (incident, adoptSinceMs) =>
      database.transaction((query) => declare(query, incident, adoptSinceMs)),

    async resolveIncident(id, by, atMs) {
      const resolved = await database.query(
        `UPDATE incidents SET state = 'resolved', resolved_ms = $2, resolved_by_id = $3, resolved_by_name = $4
         WHERE id = $1 AND state = 'open' RETURNING id`,
        [id, atMs, by.id, by.name],
      );
      return resolved.length === 1;
    },

    incident: (id) => first("id = $1", [id]),
    incidentByNumber: (number) => first("number = $1", [number]),
    openIncident: (channelId) => first("channel_id = $1 AND state = 'open' ORDER BY number DESC LIMIT 1", [channelId]),
    latestIncident: (channelId) => first("channel_id = $1 ORDER BY number DESC LIMIT 1", [channelId]),

    async incidents(filter = {}) {
      const rows = await database.query<Row>(
        "SELECT * FROM incidents WHERE $1::text IS NULL OR state = $1 ORDER BY number DESC LIMIT $2",
        [filter.state ?? null, filter.limit ?? null],
      );
      return rows.map(fromRow);
    },
  };
}

async function declare(query: Database["query"], incident: NewIncident, adoptSinceMs: number): Promise<Incident> {
  await query("SELECT pg_advisory_xact_lock($1)", [NUMBERING_LOCK]);
  const [declared] = await query<Row>("SELECT * FROM incidents WHERE id = $1", [incident.id]);
  if (declared) return fromRow(declared);
  const [row] = await query<Row>(
    `INSERT INTO incidents (id, number, title, service, channel_id, state, started_ms, declared_ms, declared_by_id,
       declared_by_name, resolved_ms, resolved_by_id, resolved_by_name, is_drill)
     SELECT $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 FROM incidents
     RETURNING *`,
    [
      incident.id,
      incident.title,
      incident.service,
      incident.channelId,
      incident.state,
      incident.startedMs,
      incident.declaredMs,
      incident.declaredBy.id,
      incident.declaredBy.name,
      incident.resolvedMs,
      incident.resolvedBy?.id ?? null,
      incident.resolvedBy?.name ?? null,
      incident.isDrill ?? false,
    ],
  );
  await adopt(query, incident, adoptSinceMs);
  return fromRow((await learnFromFindings(query, incident.id)) ?? (row as Row));
}

/** What happened in the channel shortly before belongs to the incident; blocks follow their proposals. */
async function adopt(query: Database["query"], incident: NewIncident, sinceMs: number): Promise<void> {
  const values = [incident.id, incident.channelId, sinceMs];
  const orphans = "SET incident_id = $1 WHERE incident_id IS NULL AND channel_id = $2";
  await query(`UPDATE events ${orphans} AND occurred_ms >= $3`, values);
  await query(`UPDATE investigations ${orphans} AND created_ms >= $3`, values);
  await query(`UPDATE proposals ${orphans} AND created_ms >= $3`, values);
  await query(
    `UPDATE blocks SET incident_id = $1 WHERE incident_id IS NULL
       AND proposal_id IN (SELECT id FROM proposals WHERE incident_id = $1)`,
    [incident.id],
  );
}

/**
 * An incident's impact began when its first finding says, and it is about that finding's service, unless somebody knew
 * better. Gives the incident's row where a finding says so.
 */
export async function learnFromFindings(query: Database["query"], incidentId: string): Promise<Row | undefined> {
  // Looked into here and not in SQL: its JSON operators refuse a NUL, which attackers do write.
  const done = await query<{ service: string; finding: Finding }>(
    "SELECT service, finding FROM investigations WHERE incident_id = $1 AND state = 'done' ORDER BY created_ms, id",
    [incidentId],
  );
  const first = done.find(({ finding }) => finding.onset !== null);
  if (first === undefined) return undefined;
  const [row] = await query<Row>(
    `UPDATE incidents SET started_ms = coalesce(started_ms, $2), service = coalesce(service, $3)
     WHERE id = $1 RETURNING *`,
    [incidentId, first.finding.onset?.onsetMs, first.service],
  );
  return row;
}

function fromRow(row: Row): Incident {
  return {
    id: row.id,
    number: row.number,
    title: row.title,
    service: row.service,
    channelId: row.channel_id,
    state: row.state,
    startedMs: row.started_ms,
    declaredMs: row.declared_ms,
    resolvedMs: row.resolved_ms,
    declaredBy: person(row.declared_by_id, row.declared_by_name),
    resolvedBy: personOrNull(row.resolved_by_id, row.resolved_by_name),
    ...(row.is_drill && { isDrill: true }),
  };
}
