import type { Escaping } from "../../formats/line-template.ts";
import type { NewTexts } from "../../reading/batch.ts";
import type { TextReader } from "../../text-values.ts";
import { decodeTexts } from "./batch-texts.ts";
import type { DerivedColumn } from "./derived-columns.ts";
import { TextDictionary } from "./text-dictionary.ts";

/** A text column of the table, with the columns that are derived from it. */
export class ColumnTexts {
  readonly texts = new TextDictionary();
  readonly derived: readonly { readonly column: DerivedColumn; readonly texts: TextDictionary; ids: Int32Array }[];
  readonly #readerFor: (escaping: Escaping) => TextReader;
  /** By reader: from its numbers to ours. */
  readonly #remaps = new Map<string, { count: number; ids: Int32Array }>();

  constructor(derived: readonly DerivedColumn[], readerFor: (escaping: Escaping) => TextReader) {
    this.#readerFor = readerFor;
    this.derived = derived.map((column) => ({
      column,
      texts: new TextDictionary(),
      ids: new Int32Array(FIRST_CAPACITY),
    }));
  }

  /** Takes the texts that a reader has numbered since the last call. */
  take(dictionary: string, escaping: Escaping | null, added: NewTexts): void {
    const read = escaping === null ? null : this.#readerFor(escaping);
    const remap = this.#remapOf(dictionary);
    remap.ids = withRoom(remap.ids, remap.count + added.ends.length + 1);
    for (const raw of decodeTexts(added)) {
      const text = read === null ? raw : read(raw);
      remap.count += 1;
      remap.ids[remap.count] = text === null ? 0 : this.#add(text);
    }
  }

  /** From a reader's numbers to ours; 0 stands for unknown in both. */
  remapOf(dictionary: string): Int32Array {
    return this.#remapOf(dictionary).ids;
  }

  /** Forgets a reader that will not come again. */
  forget(dictionary: string): void {
    this.#remaps.delete(dictionary);
  }

  #remapOf(dictionary: string): { count: number; ids: Int32Array } {
    let remap = this.#remaps.get(dictionary);
    if (remap === undefined) this.#remaps.set(dictionary, (remap = { count: 0, ids: new Int32Array(FIRST_CAPACITY) }));
    return remap;
  }

  #add(text: string): number {
    const { id, isNew } = this.texts.add(text);
    if (isNew) {
      for (const derived of this.derived) {
        const value = derived.column.derive(text);
        derived.ids = withRoom(derived.ids, id + 1);
        derived.ids[id] = value === null ? 0 : derived.texts.add(value).id;
      }
    }
    return id;
  }
}

const FIRST_CAPACITY = 1_024;

function withRoom(ids: Int32Array, needed: number): Int32Array {
  if (needed <= ids.length) return ids;
  const larger = new Int32Array(Math.max(needed, 2 * ids.length));
  larger.set(ids);
  return larger;
}
