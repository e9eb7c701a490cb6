import type { UndoWish } from "../ports/remembered.ts";
import type { Store } from "../ports/store.ts";
import type { Database } from "./database.ts";

interface Row {
  readonly id: string;
  readonly proposal_id: string;
  readonly user_id: string;
  readonly addresses: string[] | null;
  readonly is_forced: boolean;
  readonly at_ms: number;
}

export function undoWishesIn(database: Database): Pick<Store, "wishUndo" | "forgetUndo" | "undoWishes"> {
  return {
    async wishUndo({ id, proposalId, userId, addresses, isForced, atMs }) {
      await database.query(
        `INSERT INTO undo_wishes (id, proposal_id, user_id, addresses, is_forced, at_ms) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT DO NOTHING`,
        [id, proposalId, userId, addresses ?? null, isForced ?? false, atMs],
      );
    },

    async forgetUndo(id) {
      await database.query("DELETE FROM undo_wishes WHERE id = $1", [id]);
    },

    async undoWishes(beforeMs) {
      const rows = await database.query<Row>("SELECT * FROM undo_wishes WHERE at_ms < $1 ORDER BY at_ms, id", [
        beforeMs,
      ]);
      return rows.map(toWish);
    },
  };
}

function toWish(row: Row): UndoWish {
  return {
    id: row.id,
    proposalId: row.proposal_id,
    userId: row.user_id,
    ...(row.addresses !== null && { addresses: row.addresses }),
    ...(row.is_forced && { isForced: true }),
    atMs: row.at_ms,
  };
}
