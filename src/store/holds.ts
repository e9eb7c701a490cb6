import type { Capacity } from "../domain/capacity.ts";
import type { CapacityEnd } from "../domain/proposal.ts";
import type { Store } from "../ports/store.ts";
import type { Database } from "./database.ts";
import { personOrNull } from "./people.ts";

interface Row {
  readonly proposal_id: string;
  readonly service: string;
  readonly before: Capacity;
  readonly channel_id: string;
  readonly until_ms: number;
  readonly asked_ms: number | null;
}

interface EndRow {
  readonly proposal_id: string;
  readonly kind: CapacityEnd["kind"];
  readonly by_id: string | null;
  readonly by_name: string | null;
  readonly at_ms: number;
}

type Holds = Pick<
  Store,
  | "tryLock"
  | "holdCapacity"
  | "capacityHolds"
  | "dropCapacityHold"
  | "setCapacityAsked"
  | "addCapacityEnd"
  | "capacityEnd"
>;

/** Keeps what to put back when extra capacity's time is up, one a service by its primary key, and how that ended. */
export function holdsIn(database: Database): Holds {
  return {
    tryLock: (name) => database.tryLock(name),

    async holdCapacity(hold) {
      const held = await database.query(
        `INSERT INTO capacity_holds (service, proposal_id, before, channel_id, until_ms) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING RETURNING service`,
        [hold.service, hold.proposalId, JSON.stringify(hold.before), hold.channelId, hold.untilMs],
      );
      return held.length === 1;
    },

    async capacityHolds() {
      const rows = await database.query<Row>("SELECT * FROM capacity_holds ORDER BY until_ms, service");
      return rows.map((row) => ({
        proposalId: row.proposal_id,
        service: row.service,
        before: row.before,
        channelId: row.channel_id,
        untilMs: row.until_ms,
        ...(row.asked_ms !== null && { askedMs: row.asked_ms }),
      }));
    },

    async dropCapacityHold(proposalId) {
      const dropped = await database.query("DELETE FROM capacity_holds WHERE proposal_id = $1 RETURNING service", [
        proposalId,
      ]);
      return dropped.length === 1;
    },

    async setCapacityAsked(proposalId, askedMs) {
      await database.query("UPDATE capacity_holds SET asked_ms = $2 WHERE proposal_id = $1", [proposalId, askedMs]);
    },

    async addCapacityEnd(end) {
      const added = await database.query(
        `INSERT INTO capacity_ends (proposal_id, kind, by_id, by_name, at_ms) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING RETURNING proposal_id`,
        [end.proposalId, end.kind, end.by?.id ?? null, end.by?.name ?? null, end.atMs],
      );
      return added.length === 1;
    },

    async capacityEnd(proposalId) {
      const [row] = await database.query<EndRow>("SELECT * FROM capacity_ends WHERE proposal_id = $1", [proposalId]);
      if (row === undefined) return null;
      return { proposalId, kind: row.kind, by: personOrNull(row.by_id, row.by_name), atMs: row.at_ms };
    },
  };
}
