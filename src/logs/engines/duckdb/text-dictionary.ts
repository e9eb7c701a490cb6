/**
 * Numbers the distinct texts of one column, from 1 on. So many are held here; what comes beyond them (paths that an
 * attack makes up, say) gets a number each time that it comes, and is put into the database, which can spill. There,
 * equal texts are made one at the end.
 */
export class TextDictionary {
  readonly #limits: DictionaryLimits;
  readonly #ids = new Map<string, number>();
  readonly #values: string[] = [""];
  #chars = 0;
  #lastId = 0;
  #overflow: string[] = [];
  #hasOverflow = false;

  constructor(limits: DictionaryLimits) {
    this.#limits = limits;
  }

  /** Gives the number of a text, and whether it is a new one. */
  add(text: string): { readonly id: number; readonly isNew: boolean } {
    const known = this.#ids.get(text);
    if (known !== undefined) return { id: known, isNew: false };
    this.#lastId += 1;
    const id = this.#lastId;
    if (this.#hasOverflow || this.#ids.size >= this.#limits.texts || this.#chars + text.length > this.#limits.chars) {
      this.#hasOverflow = true;
      this.#overflow.push(text);
    } else {
      this.#ids.set(text, id);
      this.#values.push(text);
      this.#chars += text.length;
    }
    return { id, isNew: true };
  }

  /** How many numbers were given. */
  get count(): number {
    return this.#lastId;
  }

  /** Numbers above this are in the database alone. */
  get lastHeldId(): number {
    return this.#values.length - 1;
  }

  get hasOverflow(): boolean {
    return this.#hasOverflow;
  }

  /** Gives what has come since the last call that is not held here, numbered in turn. */
  takeOverflow(): { readonly firstId: number; readonly texts: readonly string[] } {
    const texts = this.#overflow;
    this.#overflow = [];
    return { firstId: this.#lastId - texts.length + 1, texts };
  }

  /** @param id one that is held */
  valueOf(id: number): string {
    return this.#values[id] ?? "";
  }

  /** Null where it is not held. */
  idOf(text: string): number | null {
    return this.#ids.get(text) ?? null;
  }
}

export interface DictionaryLimits {
  readonly texts: number;
  readonly chars: number;
}

/** Some 40 MB for a column at worst. */
export const DICTIONARY_LIMITS: DictionaryLimits = { texts: 200_000, chars: 12_000_000 };
