import type { Capacity } from "../domain/capacity.ts";
import type { Store } from "../ports.ts";
import type { Database } from "./database.ts";

interface Row {
  readonly proposal_id: string;
  readonly service: string;
  readonly before: Capacity;
  readonly channel_id: string;
  readonly until_ms: number;
}

/** Keeps what to put back when extra capacity's time is up; the primary key sees to one a service. */
export function holdsIn(database: Database): Pick<Store, "holdCapacity" | "capacityHolds" | "dropCapacityHold"> {
  return {
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
      }));
    },

    async dropCapacityHold(proposalId) {
      const dropped = await database.query("DELETE FROM capacity_holds WHERE proposal_id = $1 RETURNING service", [
        proposalId,
      ]);
      return dropped.length === 1;
    },
  };
}
