import type { BreakdownEnd } from "../ports/remembered.ts";
import type { Store } from "../ports/store.ts";
import type { Database } from "./database.ts";
import { personOrNull } from "./people.ts";

interface Row {
  readonly channel_id: string;
  readonly message_ts: string;
  readonly state: BreakdownEnd["state"];
  readonly cancelled_by_id: string | null;
  readonly cancelled_by_name: string | null;
}

/** Keeps how answers to `/top` ended. */
export function breakdownsIn(database: Database): Pick<Store, "endBreakdown" | "breakdownEnd"> {
  return {
    async endBreakdown({ channelId, messageTs, state, cancelledBy }) {
      const ended = await database.query(
        `INSERT INTO breakdown_ends (channel_id, message_ts, state, cancelled_by_id, cancelled_by_name)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (channel_id, message_ts) DO UPDATE SET state = excluded.state
           WHERE breakdown_ends.state = 'failed' AND excluded.state = 'done'
         RETURNING state`,
        [channelId, messageTs, state, cancelledBy?.id ?? null, cancelledBy?.name ?? null],
      );
      return ended.length > 0;
    },

    async breakdownEnd({ channelId, messageTs }) {
      const [row] = await database.query<Row>(
        "SELECT * FROM breakdown_ends WHERE channel_id = $1 AND message_ts = $2",
        [channelId, messageTs],
      );
      if (row === undefined) return null;
      const cancelledBy = personOrNull(row.cancelled_by_id, row.cancelled_by_name);
      return { channelId: row.channel_id, messageTs: row.message_ts, state: row.state, cancelledBy };
    },
  };
}
