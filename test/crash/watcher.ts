import type { Block } from "../../src/domain/proposal.ts";
import type { World } from "./world.ts";

/** Something that was not as it should be: since when, and for how long. */
export interface Lapse {
  readonly what: string;
  readonly fromMs: number;
  readonly lastedMs: number;
}

export interface Watcher {
  /** Entries of ours past the end of the last block of them. */
  readonly overdue: readonly Lapse[];
  /** Active blocks that were not in the sets. */
  readonly gaps: readonly Lapse[];
  /** Capacity past its end. */
  readonly capacity: readonly Lapse[];
  look(): Promise<void>;
}

/** Looks at AWS and the store side by side, again and again, and keeps what did not agree and for how long. */
export function createWatcher({ account, foreign, context: { store } }: World): Watcher {
  const overdue = new Map<string, Lapse>();
  const gaps = new Map<string, Lapse>();
  const capacity = new Map<string, Lapse>();
  const openGaps = new Map<string, number>();

  function noteOverdue(entries: ReadonlySet<string>, rows: readonly Block[], atMs: number): void {
    const ends = new Map<string, number>();
    for (const row of rows) {
      const endMs = row.isOurs ? endOf(row) : Number.POSITIVE_INFINITY;
      ends.set(row.address, Math.max(endMs, ends.get(row.address) ?? 0));
    }
    for (const [address, endMs] of ends) {
      if (!entries.has(address) || foreign.has(address) || endMs >= atMs) continue;
      overdue.set(`${address} ${endMs}`, { what: address, fromMs: endMs, lastedMs: atMs - endMs });
    }
  }

  function noteGaps(entries: ReadonlySet<string>, standing: readonly Block[], atMs: number): void {
    for (const { id, address } of standing) {
      if (entries.has(address)) openGaps.delete(id);
      else {
        const fromMs = openGaps.get(id) ?? atMs;
        openGaps.set(id, fromMs);
        gaps.set(`${id} ${fromMs}`, { what: `${id} of ${address}`, fromMs, lastedMs: atMs - fromMs });
      }
    }
  }

  async function noteCapacity(atMs: number): Promise<void> {
    for (const { proposalId, untilMs } of await store.capacityHolds()) {
      if (untilMs < atMs) capacity.set(proposalId, { what: proposalId, fromMs: untilMs, lastedMs: atMs - untilMs });
    }
  }

  return {
    get overdue() {
      return [...overdue.values()];
    },
    get gaps() {
      return [...gaps.values()];
    },
    get capacity() {
      return [...capacity.values()];
    },
    async look() {
      // In this order: what is active at both looks was active when the sets were read.
      const before = await store.blocks({ state: ["active"] });
      const atMs = Date.now();
      const entries = await account.entries();
      const rows = await store.blocks({});
      const active = new Map(rows.filter(({ state }) => state === "active").map((row) => [row.id, row]));
      const standing = before.filter(({ id }) => (active.get(id)?.expiresMs ?? 0) > Date.now());
      noteOverdue(entries, rows, atMs);
      noteGaps(entries, standing, atMs);
      await noteCapacity(atMs);
    },
  };
}

/** When an entry should be gone: whoever lifted it did so when the row says; all others have their time. */
function endOf({ state, expiresMs, endedMs }: Block): number {
  return state === "lifted" ? (endedMs ?? expiresMs) : expiresMs;
}
