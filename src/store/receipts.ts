import type { Check, Receipt } from "../domain/proposal.ts";
import type { Store } from "../ports/store.ts";
import type { Database } from "./database.ts";

interface Row {
  readonly proposal_id: string;
  readonly outcome: Receipt["outcome"];
  readonly applied_ms: number;
  readonly calls: readonly string[];
  readonly seen: Check | null;
}

/** Keeps what approved changes did; the primary key sees to one a proposal. */
export function receiptsIn(database: Database): Pick<Store, "addReceipt" | "receipt" | "setCheck"> {
  return {
    async addReceipt(receipt) {
      const added = await database.query(
        `INSERT INTO receipts (proposal_id, outcome, applied_ms, calls, seen) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (proposal_id) DO NOTHING RETURNING proposal_id`,
        [
          receipt.proposalId,
          receipt.outcome,
          receipt.appliedMs,
          JSON.stringify(receipt.calls),
          receipt.check && JSON.stringify(receipt.check),
        ],
      );
      return added.length === 1;
    },

    async receipt(proposalId) {
      const [row] = await database.query<Row>("SELECT * FROM receipts WHERE proposal_id = $1", [proposalId]);
      return row
        ? {
            proposalId: row.proposal_id,
            outcome: row.outcome,
            appliedMs: row.applied_ms,
            calls: row.calls,
            check: row.seen,
          }
        : null;
    },

    async setCheck(proposalId, check) {
      await database.query("UPDATE receipts SET seen = $2 WHERE proposal_id = $1", [proposalId, JSON.stringify(check)]);
    },
  };
}
