import { isAgainstGuards } from "../domain/approval-policy.ts";
import type { Prediction } from "../domain/prediction.ts";
import type { Approval, Change, Person, Proposal, ProposalState } from "../domain/proposal.ts";
import type { Store } from "../ports/store.ts";
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
  readonly retry_of: string | null;
  readonly created_ms: number;
  readonly expires_ms: number;
  readonly state: ProposalState;
  readonly decided_by_id: string | null;
  readonly decided_by_name: string | null;
  readonly decided_ms: number | null;
  readonly approvers_needed: number;
  readonly approvals: readonly Approval[];
}

type Proposals = Pick<
  Store,
  | "createProposal"
  | "standingRetry"
  | "setProposalMessage"
  | "proposal"
  | "proposalsOf"
  | "openProposals"
  | "approveProposal"
  | "moveProposal"
  | "unfinishedProposals"
>;

/** A proposal with its approvals, first to last. */
const SELECT = `
SELECT proposals.*, coalesce(
  (SELECT json_agg(json_build_object('person', json_build_object('id', person_id, 'name', person_name),
      'decision', decision, 'reason', reason, 'atMs', decided_ms) ORDER BY seq)
    FROM approvals WHERE proposal_id = proposals.id AND decision IN ('approved', 'broke-glass')), '[]') AS approvals
FROM proposals`;

/**
 * Moves and decides in one statement, which is one transaction. Only a move out of
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
), decided AS (
  INSERT INTO approvals (proposal_id, person_id, person_name, decision, digest, decided_ms)
  SELECT id, $4, $5, $3, digest, $6 FROM moved WHERE $3 IN ('refused', 'withdrawn')
)
SELECT id FROM moved`;

/** Whoever comes second waits here for the first, and then sees what that one did. */
const LOCK_OFFER = `
SELECT id FROM proposals
WHERE id = $1 AND state = 'pending' AND ($2::text IS NULL OR digest = $2) AND ($3::bigint IS NULL OR expires_ms >= $3)
FOR UPDATE`;
const APPROVE = `
INSERT INTO approvals (proposal_id, person_id, person_name, decision, digest, decided_ms, reason)
SELECT id, $2, $3, $4, digest, $5, $6 FROM proposals WHERE id = $1
ON CONFLICT DO NOTHING RETURNING proposal_id`;
const SETTLE = `
UPDATE proposals SET state = 'approved', state_since_ms = $2, decided_by_id = $3, decided_by_name = $4, decided_ms = $2
WHERE id = $1 AND has_enough_approvers(proposals) AND ($5::boolean OR (
  SELECT count(DISTINCT person_id) >= $6 FROM approvals
  WHERE proposal_id = $1 AND decision IN ('approved', 'broke-glass')
)) RETURNING id`;

/** Keeps proposals, and with each decision the approval that it rests on. */
export function proposalsIn(database: Database): Proposals {
  return {
    async createProposal(proposal) {
      const added = await database.query(
        `INSERT INTO proposals (id, change, digest, predicted, requested_by_id, requested_by_name, channel_id,
           message_ts, thread_ts, finding_id, incident_id, created_ms, expires_ms, state, state_since_ms,
           decided_by_id, decided_by_name, decided_ms, approvers_needed, is_against_guards, notes,
           retry_of)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)
         ON CONFLICT DO NOTHING RETURNING id`,
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
          proposal.approversNeeded,
          isAgainstGuards(proposal.change),
          proposal.notes === undefined ? null : JSON.stringify(proposal.notes),
          proposal.retryOf ?? null,
        ],
      );
      return added.length === 1;
    },

    async standingRetry(failedId) {
      const [row] = await database.query<Row>(
        `${SELECT} WHERE retry_of = $1 AND state NOT IN ('withdrawn', 'expired')`,
        [failedId],
      );
      return row ? fromRow(row) : null;
    },

    async setProposalMessage(id, messageTs) {
      await database.query("UPDATE proposals SET message_ts = $2 WHERE id = $1", [id, messageTs]);
    },

    async proposal(id) {
      const [row] = await database.query<Row>(`${SELECT} WHERE id = $1`, [id]);
      return row ? fromRow(row) : null;
    },

    async proposalsOf(incidentId) {
      const rows = await database.query<Row>(`${SELECT} WHERE incident_id = $1 ORDER BY created_ms, id`, [incidentId]);
      return rows.map(fromRow);
    },

    async openProposals(filter = {}) {
      const rows = await database.query<Row>(
        `${SELECT}
         WHERE state IN ('pending', 'approved', 'executing') AND ($1::text IS NULL OR channel_id = $1)
         ORDER BY created_ms DESC, id DESC`,
        [filter.channelId ?? null],
      );
      return rows.map(fromRow);
    },

    approveProposal: async (approval) => approve(database, approval),

    async moveProposal({ id, from, to, by, atMs, digest }) {
      if (from === "pending" && to === "approved") {
        const approval = { id, digest: digest ?? null, by, atMs, needed: 1, reason: null, isEndKept: false };
        return (await approve(database, approval)) === "approved";
      }
      const values = [id, from, to, by?.id ?? null, by?.name ?? null, atMs, digest ?? null];
      return (await database.query(MOVE, values)).length === 1;
    },

    async unfinishedProposals(beforeMs) {
      const rows = await database.query<Row>(
        `${SELECT}
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
    ...(row.retry_of !== null && { retryOf: row.retry_of }),
    createdMs: row.created_ms,
    expiresMs: row.expires_ms,
    state: row.state,
    decidedBy: personOrNull(row.decided_by_id, row.decided_by_name),
    decidedMs: row.decided_ms,
    approversNeeded: row.approvers_needed,
    approvals: row.approvals,
  };
}

interface NewApproval {
  readonly id: string;
  /** Null for whatever was offered. */
  readonly digest: string | null;
  readonly by: Person | null;
  readonly atMs: number;
  readonly needed: number;
  readonly reason: string | null;
  /** False where an approval after the offer's end is as good. */
  readonly isEndKept?: boolean;
}

function approve(
  database: Database,
  { id, digest, by, atMs, needed, reason, isEndKept = true }: NewApproval,
): Promise<"approved" | "counted" | "repeated" | "closed"> {
  return database.transaction(async (query) => {
    const open = await query(LOCK_OFFER, [id, digest, isEndKept ? atMs : null]);
    if (open.length === 0) return "closed";
    const decision = reason === null ? "approved" : "broke-glass";
    const added = await query(APPROVE, [id, by?.id ?? null, by?.name ?? null, decision, atMs, reason]);
    if (added.length === 0) return "repeated";
    const settled = await query(SETTLE, [id, atMs, by?.id ?? null, by?.name ?? null, reason !== null, needed]);
    return settled.length === 1 ? "approved" : "counted";
  });
}
