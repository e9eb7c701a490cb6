import type { Prediction } from "../domain/prediction.ts";
import type { Change, Proposal, ProposalState } from "../domain/proposal.ts";
import type { Store } from "../ports.ts";
import type { Database } from "./database.ts";
import { person, personOrNull } from "./people.ts";

interface Row {
  readonly id: string;
  readonly change: Change;
  readonly digest: string;
  readonly predicted: Prediction | null;
  readonly notes: readonly string[] | null;
  readonly requested_by_id: string;
  readonly requested_by_name: string;
  readonly channel_id: string;
  readonly message_ts: string | null;
  readonly thread_ts: string | null;
  readonly finding_id: string | null;
  readonly incident_id: string | null;
  readonly created_ms: number;
  readonly expires_ms: number;
  readonly state: ProposalState;
  readonly decided_by_id: string | null;
  readonly decided_by_name: string | null;
  readonly decided_ms: number | null;
}

type Proposals = Pick<
  Store,
  | "createProposal"
  | "setProposalMessage"
  | "proposal"
  | "proposalsOf"
  | "openProposals"
  | "moveProposal"
  | "unfinishedProposals"
>;

/**
 * Moves and approves in one statement, which is one transaction. Only a move out of
 * `pending` is a decision; it alone names who decided. What the states allow is
 * guarded by a trigger.
 */
const MOVE = `
WITH moved AS (
  UPDATE proposals SET
    state = $3,
    state_since_ms = $6,
    decided_by_id = CASE WHEN state = 'pending' THEN $4 ELSE decided_by_id END,
    decided_by_name = CASE WHEN state = 'pending' THEN $5 ELSE decided_by_name END,
    decided_ms = CASE WHEN state = 'pending' THEN $6::bigint ELSE decided_ms END
  WHERE id = $1 AND state = $2 AND ($7::text IS NULL OR digest = $7)
  RETURNING id, digest
), approved AS (
  INSERT INTO approvals (proposal_id, person_id, person_name, decision, digest, decided_ms)
  SELECT id, $4, $5, $3, digest, $6 FROM moved WHERE $3 IN ('approved', 'refused', 'withdrawn')
)
SELECT id FROM moved`;

/** Keeps proposals, and with each decision the approval that it rests on. */
export function proposalsIn(database: Database): Proposals {
  return {
    async createProposal(proposal) {
      await database.query(
        `INSERT INTO proposals (id, change, digest, predicted, requested_by_id, requested_by_name, channel_id,
           message_ts, thread_ts, finding_id, incident_id, created_ms, expires_ms, state, state_since_ms,
           decided_by_id, decided_by_name, decided_ms, notes)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
         ON CONFLICT (id) DO NOTHING`,
        [
          proposal.id,
          JSON.stringify(proposal.change),
          proposal.digest,
          proposal.predicted && JSON.stringify(proposal.predicted),
          proposal.requestedBy.id,
          proposal.requestedBy.name,
          proposal.channelId,
          proposal.messageTs,
          proposal.threadTs,
          proposal.findingId,
          proposal.incidentId,
          proposal.createdMs,
          proposal.expiresMs,
          proposal.state,
          proposal.decidedMs ?? proposal.createdMs,
          proposal.decidedBy?.id ?? null,
          proposal.decidedBy?.name ?? null,
          proposal.decidedMs,
          proposal.notes === undefined ? null : JSON.stringify(proposal.notes),
        ],
      );
    },

    async setProposalMessage(id, messageTs) {
      await database.query("UPDATE proposals SET message_ts = $2 WHERE id = $1", [id, messageTs]);
    },

    async proposal(id) {
      const [row] = await database.query<Row>("SELECT * FROM proposals WHERE id = $1", [id]);
      return row ? fromRow(row) : null;
    },

    async proposalsOf(incidentId) {
      const rows = await database.query<Row>("SELECT * FROM proposals WHERE incident_id = $1 ORDER BY created_ms, id", [
        incidentId,
      ]);
      return rows.map(fromRow);
    },

    async openProposals(filter = {}) {
      const rows = await database.query<Row>(
        `SELECT * FROM proposals
         WHERE state IN ('pending', 'approved', 'executing') AND ($1::text IS NULL OR channel_id = $1)
         ORDER BY created_ms DESC, id DESC`,
        [filter.channelId ?? null],
      );
      return rows.map(fromRow);
    },

    async moveProposal({ id, from, to, by, atMs, digest }) {
      const values = [id, from, to, by?.id ?? null, by?.name ?? null, atMs, digest ?? null];
      return (await database.query(MOVE, values)).length === 1;
    },

    async unfinishedProposals(beforeMs) {
      const rows = await database.query<Row>(
        `SELECT * FROM proposals
         WHERE state IN ('approved', 'executing') AND state_since_ms < $1
         ORDER BY created_ms, id`,
        [beforeMs],
      );
      return rows.map(fromRow);
    },
  };
}

function fromRow(row: Row): Proposal {
  return {
    id: row.id,
    change: row.change,
    digest: row.digest,
    predicted: row.predicted,
    ...(row.notes !== null && { notes: row.notes }),
    requestedBy: person(row.requested_by_id, row.requested_by_name),
    channelId: row.channel_id,
    messageTs: row.message_ts,
    threadTs: row.thread_ts,
    findingId: row.finding_id,
    incidentId: row.incident_id,
    createdMs: row.created_ms,
    expiresMs: row.expires_ms,
    state: row.state,
    decidedBy: personOrNull(row.decided_by_id, row.decided_by_name),
    decidedMs: row.decided_ms,
  };
}
