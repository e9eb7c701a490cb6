import { type AddressMeasure, measureOf } from "../domain/address-measure.ts";
import type { Block } from "../domain/proposal.ts";
import type { Store } from "../ports/store.ts";
import type { Database } from "./database.ts";
import { person, personOrNull } from "./people.ts";

interface Row {
  readonly id: string;
  readonly service: string;
  readonly address: string;
  readonly reason: string;
  readonly proposal_id: string;
  readonly incident_id: string | null;
  readonly channel_id: string;
  readonly blocked_by_id: string;
  readonly blocked_by_name: string;
  readonly is_ours: boolean;
  readonly measure: AddressMeasure;
  readonly created_ms: number;
  readonly expires_ms: number;
  readonly state: Block["state"];
  readonly ended_ms: number | null;
  readonly ended_by_id: string | null;
  readonly ended_by_name: string | null;
}

type BlockMethods =
  | "addBlocks"
  | "moveBlocks"
  | "blocks"
  | "dueBlocks"
  | "extendBlocks"
  | "unsettleBlocks"
  | "claimBlocks"
  | "settleBlocks"
  | "unsettledBlocks";

/** Keeps which addresses are, or were, blocked or under a milder measure. Lists are newest first, due ones longest overdue first. */
export function blocksIn(database: Database): Pick<Store, BlockMethods> {
  return {
    async addBlocks(blocks) {
      const column = <Value>(pick: (block: Block) => Value) => blocks.map(pick);
      await database.query(
        `INSERT INTO blocks (id, service, address, reason, proposal_id, incident_id, channel_id, blocked_by_id,
           blocked_by_name, is_ours, measure, created_ms, expires_ms, state)
         SELECT *, 'pending' FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[],
           $7::text[], $8::text[], $9::text[], $10::boolean[], $11::text[], $12::bigint[], $13::bigint[])
         ON CONFLICT DO NOTHING`,
        [
          column((block) => block.id),
          column((block) => block.service),
          column((block) => block.address),
          column((block) => block.reason),
          column((block) => block.proposalId),
          column((block) => block.incidentId),
          column((block) => block.channelId),
          column((block) => block.blockedBy.id),
          column((block) => block.blockedBy.name),
          column((block) => block.isOurs),
          column(measureOf),
          column((block) => block.createdMs),
          column((block) => block.expiresMs),
        ],
      );
    },

    async moveBlocks({ ids, from, to, by, atMs }) {
      const moved = await database.query<{ readonly id: string }>(
        `UPDATE blocks SET
           state = $3,
           ended_ms = CASE WHEN $3 IN ('expired', 'lifted') THEN $4::bigint END,
           ended_by_id = CASE WHEN $3 IN ('expired', 'lifted') THEN $5 END,
           ended_by_name = CASE WHEN $3 IN ('expired', 'lifted') THEN $6 END
         WHERE id = ANY ($1::text[]) AND state = $2 RETURNING id`,
        [ids, from, to, atMs, by?.id ?? null, by?.name ?? null],
      );
      const movedIds = new Set(moved.map((row) => row.id));
      return ids.filter((id) => movedIds.has(id));
    },

    async blocks(filter) {
      const rows = await database.query<Row>(
        `SELECT * FROM blocks
         WHERE ($1::text[] IS NULL OR state = ANY ($1)) AND ($2::text IS NULL OR service = $2)
           AND ($3::text IS NULL OR proposal_id = $3) AND ($4::text IS NULL OR incident_id = $4)
           AND ($5::bigint IS NULL OR ended_ms >= $5)
         ORDER BY created_ms DESC, id`,
        [
          filter.state ?? null,
          filter.service ?? null,
          filter.proposalId ?? null,
          filter.incidentId ?? null,
          filter.endedSinceMs ?? null,
        ],
      );
      return rows.map(fromRow);
    },

    async dueBlocks(nowMs) {
      const rows = await database.query<Row>(
        "SELECT * FROM blocks WHERE state IN ('pending', 'active') AND expires_ms <= $1 ORDER BY expires_ms, id",
        [nowMs],
      );
      return rows.map(fromRow);
    },

    async extendBlocks(ids, expiresMs, { by, onlyWhereEndsMs } = {}) {
      const moved = await database.query<{ readonly id: string }>(
        `UPDATE blocks SET expires_ms = $2, extended_by_id = $4, extended_by_name = $5
         WHERE id = ANY ($1::text[]) AND state IN ('pending', 'active') AND ($3::bigint IS NULL OR expires_ms = $3)
         RETURNING id`,
        [ids, expiresMs, onlyWhereEndsMs ?? null, by?.id ?? null, by?.name ?? null],
      );
      return moved.map(({ id }) => id);
    },

    async unsettleBlocks(ids, atMs) {
      const rows = await database.query<{ readonly id: string; readonly was_marked: boolean }>(
        `WITH before AS (SELECT id, unsettled_ms FROM blocks WHERE id = ANY ($1::text[]) ORDER BY id FOR UPDATE)
         UPDATE blocks SET unsettled_ms = GREATEST($2, before.unsettled_ms + 1)
         FROM before WHERE blocks.id = before.id
         RETURNING blocks.id, before.unsettled_ms IS NOT NULL AS was_marked`,
        [ids, atMs],
      );
      return rows.filter((row) => !row.was_marked).map(({ id }) => id);
    },

    async claimBlocks(ids, { atMs, freeBeforeMs }) {
      const rows = await database.query<{ readonly id: string }>(
        `UPDATE blocks SET unsettled_ms = $2, is_ours = true
         WHERE id = ANY ($1::text[]) AND state = 'active' AND (unsettled_ms IS NULL OR unsettled_ms < $3)
         RETURNING id`,
        [ids, atMs, freeBeforeMs],
      );
      return rows.map(({ id }) => id);
    },

    async settleBlocks(ids, markedMs) {
      await database.query("UPDATE blocks SET unsettled_ms = NULL WHERE id = ANY ($1::text[]) AND unsettled_ms = $2", [
        ids,
        markedMs,
      ]);
    },

    async unsettledBlocks(beforeMs) {
      const rows = await database.query<Row>(
        "SELECT * FROM blocks WHERE state IN ('expired', 'lifted') AND unsettled_ms < $1 ORDER BY created_ms DESC, id",
        [beforeMs],
      );
      return rows.map(fromRow);
    },
  };
}

function fromRow(row: Row): Block {
  return {
    id: row.id,
    ...(row.measure !== "block" && { measure: row.measure }),
    service: row.service,
    address: row.address,
    reason: row.reason,
    proposalId: row.proposal_id,
    incidentId: row.incident_id,
    channelId: row.channel_id,
    blockedBy: person(row.blocked_by_id, row.blocked_by_name),
    isOurs: row.is_ours,
    createdMs: row.created_ms,
    expiresMs: row.expires_ms,
    state: row.state,
    endedMs: row.ended_ms,
    endedBy: personOrNull(row.ended_by_id, row.ended_by_name),
  };
}
