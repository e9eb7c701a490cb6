import type { Escaping } from "../../formats/line-template.ts";
import type { Batch, NewTexts } from "../../reading/batch.ts";
import type { TextReader } from "../../text-values.ts";
import { decodeTexts } from "./batch-texts.ts";
import type { DerivedColumn } from "./derived-columns.ts";
import type { QueryHashes } from "./query-hashes.ts";
import { type DictionaryLimits, TextDictionary } from "./text-dictionary.ts";

/** A text column of the table, with the columns that are derived from it. */
export class ColumnTexts {
  readonly texts: TextDictionary;
  readonly derived: readonly { readonly column: DerivedColumn; readonly texts: TextDictionary; ids: Int32Array }[];
  /** What stands in the table in the place of the texts; null where those do. */
  readonly hashes: QueryHashes | null;
  readonly #readerFor: (escaping: Escaping) => TextReader;
  /** By reader: from its numbers to ours. */
  readonly #remaps = new Map<string, Remap>();

  constructor(
    derived: readonly DerivedColumn[],
    readerFor: (escaping: Escaping) => TextReader,
    limits: DictionaryLimits,
    hashes: QueryHashes | null = null,
  ) {
    this.hashes = hashes;
    this.#readerFor = readerFor;
    this.texts = new TextDictionary(limits);
    this.derived = derived.map((column) => ({
      column,
      texts: new TextDictionary(limits),
      ids: new Int32Array(FIRST_CAPACITY),
    }));
  }

  /** Takes the texts that a reader has numbered since the last call. */
  take({ reader, generation, escaping }: Numbering, added: NewTexts): void {
    const read = escaping === null ? null : this.#readerFor(escaping);
    const remap = this.#remapOf(reader, generation);
    remap.ids = withRoom(remap.ids, remap.count + added.ends.length + 1);
    for (const raw of decodeTexts(added)) {
      const text = read === null ? raw : read(raw);
      remap.count += 1;
      remap.ids[remap.count] = text === null ? 0 : this.#add(cut(text));
    }
  }

  /** From a reader's numbers to ours; 0 stands for unknown in both. */
  remapOf({ reader, generation }: Numbering): Int32Array {
    return this.#remapOf(reader, generation).ids;
  }

  /** A reader's batches come in order, so that what it numbered in generations before is not asked for again. */
  #remapOf(reader: string, generation: number): Remap {
    const known = this.#remaps.get(reader);
    if (known?.generation === generation) return known;
    const fresh = { generation, count: 0, ids: new Int32Array(FIRST_CAPACITY) };
    this.#remaps.set(reader, fresh);
    return fresh;
  }

  #add(text: string): number {
    const { id, isNew } = this.texts.add(text);
    if (isNew) {
      this.hashes?.add(id, text);
      for (const derived of this.derived) {
        const value = derived.column.derive(text);
        derived.ids = withRoom(derived.ids, id + 1);
        derived.ids[id] = value === null ? 0 : derived.texts.add(value).id;
      }
    }
    return id;
  }
}

type Numbering = Pick<Batch, "reader" | "generation" | "escaping">;

interface Remap {
  readonly generation: number;
  count: number;
  ids: Int32Array;
}

/** No server takes much more by default, and whoever attacks with longer ones must not fill the memory. */
const MAX_TEXT_CHARS = 8_192;

function cut(text: string): string {
  return text.length <= MAX_TEXT_CHARS ? text : `${text.slice(0, MAX_TEXT_CHARS - 1)}…`;
}

const FIRST_CAPACITY = 1_024;

function withRoom(ids: Int32Array, needed: number): Int32Array {
  if (needed <= ids.length) return ids;
  const larger = new Int32Array(Math.max(needed, 2 * ids.length));
  larger.set(ids);
  return larger;
}
