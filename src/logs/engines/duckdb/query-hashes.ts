import { QUERY_HASH_COLUMN } from "../../columns.ts";
import { type HashSeed, queryHash } from "../../query-hash.ts";
import type { BatchColumn } from "../../reading/batch.ts";
import type { BulkColumn } from "./table-writer.ts";

/** What stands for the texts of queries: the kernel's hashes, and of texts that were left to us, ours. */
export class QueryHashes {
  readonly #seed: HashSeed;
  /** Two words for each text that has a number. */
  #words = new Int32Array(2_048);

  constructor(seed: HashSeed) {
    this.#seed = seed;
  }

  add(id: number, text: string): void {
    if (2 * id + 2 > this.#words.length) {
      const larger = new Int32Array(2 * this.#words.length);
      larger.set(this.#words);
      this.#words = larger;
    }
    this.#words.set(queryHash(text, this.#seed), 2 * id);
  }

  /** @param ids the numbers of texts, a row each; 0 where there is none @param hashed what the kernel made of some rows */
  column(ids: Int32Array, hashed: BatchColumn | undefined): BulkColumn {
    const words = hashed === undefined ? new Int32Array(2 * ids.length) : new Int32Array(hashed.values);
    const isHashed = hashed?.known === undefined || hashed.known === null ? null : new Uint8Array(hashed.known);
    const isAll = hashed?.known === null;
    const known = new Uint8Array(Math.ceil(ids.length / 8));
    for (let row = 0; row < ids.length; row += 1) {
      const id = ids[row] as number;
      if (id === 0) continue;
      known[row >> 3] = (known[row >> 3] as number) | (1 << (row & 7));
      if (isAll || (isHashed !== null && ((isHashed[row >> 3] as number) >> (row & 7)) & 1)) continue;
      words[2 * row] = this.#words[2 * id] as number;
      words[2 * row + 1] = this.#words[2 * id + 1] as number;
    }
    const { name, type } = QUERY_HASH_COLUMN;
    return { name, type, width: 8, values: words.buffer as ArrayBuffer, known: known.buffer as ArrayBuffer };
  }
}
