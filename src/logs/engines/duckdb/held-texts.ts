import type { Dimension } from "../../../domain/traffic.ts";
import { TEXT_COLUMNS } from "../../columns.ts";
import type { Escaping } from "../../formats/line-template.ts";
import { TEXT_QUERY } from "../../kernel/codes.ts";
import type { HashSeed } from "../../query-hash.ts";
import { DIMENSION_COLUMNS } from "../../questions/columns.ts";
import type { Dictionaries, TextDimension } from "../../questions/dictionaries.ts";
import type { TextReader } from "../../text-values.ts";
import { ColumnTexts } from "./column-texts.ts";
import type { LogDatabase } from "./database.ts";
import type { DerivedColumn } from "./derived-columns.ts";
import { QueryHashes } from "./query-hashes.ts";
import { DICTIONARY_LIMITS, type TextDictionary } from "./text-dictionary.ts";

/** All texts of one read: those that are held here, and what is more in tables of the database. */
export class HeldTexts implements Dictionaries {
  readonly byColumn: ReadonlyMap<number, ColumnTexts>;
  readonly #database: LogDatabase;
  #spilling: Promise<void> = Promise.resolve();
  /** By the name of a column. */
  readonly #dictionaries: ReadonlyMap<string, TextDictionary>;

  /** @param wanted the codes of the columns that are kept, which are derived from them, and whether queries are hashed */
  constructor(
    database: LogDatabase,
    wanted: {
      readonly columns: readonly number[];
      readonly derived: readonly DerivedColumn[];
      readonly queryHashSeed?: HashSeed | undefined;
    },
    readerFor: (column: number, escaping: Escaping) => TextReader,
    limits = DICTIONARY_LIMITS,
  ) {
    this.#database = database;
    const columns = TEXT_COLUMNS.filter(({ code }) => wanted.columns.includes(code)).map((column) => {
      const derived = wanted.derived.filter(({ from }) => from === column.code);
      const hashes =
        column.code === TEXT_QUERY && wanted.queryHashSeed !== undefined ? new QueryHashes(wanted.queryHashSeed) : null;
      const read = (escaping: Escaping) => readerFor(column.code, escaping);
      return { ...column, texts: new ColumnTexts(derived, read, limits, hashes) };
    });
    this.byColumn = new Map(columns.map(({ code, texts }) => [code, texts]));
    this.#dictionaries = new Map(
      columns.flatMap(({ name, texts }) => [
        [name, texts.texts] as const,
        ...texts.derived.map((derived) => [derived.column.name, derived.texts] as const),
      ]),
    );
  }

  /** Puts what is too much to be held into the database; to be called now and then. */
  spill(): Promise<void> {
    // Readers in several threads call at once, and no two may create the same table.
    this.#spilling = this.#spilling.then(() => this.#spillAll());
    return this.#spilling;
  }

  async #spillAll(): Promise<void> {
    for (const [column, dictionary] of this.#dictionaries) {
      const { firstId, texts } = dictionary.takeOverflow();
      if (texts.length === 0) continue;
      await this.#database.run(`CREATE TABLE IF NOT EXISTS ${overflowOf(column)} (id INTEGER, value VARCHAR)`);
      await this.#database.appendTexts(overflowOf(column), firstId, texts);
    }
  }

  /** Makes equal texts one that came again and again to the database. To be called once, when all rows are there. */
  async finish(columns: ReadonlySet<string>): Promise<void> {
    await this.spill();
    for (const [column, dictionary] of this.#dictionaries) {
      if (!dictionary.hasOverflow || !columns.has(column)) continue;
      const overflow = overflowOf(column);
      await this.#database.run(`CREATE TABLE ${overflow}_first AS
        SELECT id, min(id) OVER (PARTITION BY value) AS first FROM ${overflow} QUALIFY id <> first`);
      await this.#database.run(`UPDATE requests SET ${column} = again.first
        FROM ${overflow}_first AS again WHERE requests.${column} = again.id`);
      await this.#database.run(`DELETE FROM ${overflow} WHERE id IN (SELECT id FROM ${overflow}_first)`);
      await this.#database.run(`DROP TABLE ${overflow}_first`);
    }
  }

  async valuesOf(dimension: TextDimension, ids: readonly number[]): Promise<readonly string[]> {
    const { column, dictionary } = this.#of(dimension);
    if (dictionary === undefined) return ids.map(() => "");
    const more = ids.filter((id) => id > dictionary.lastHeldId);
    const values = more.length === 0 ? new Map<number, string>() : await this.#overflowValues(column, more);
    return ids.map((id) => values.get(id) ?? dictionary.valueOf(id));
  }

  countOf(dimension: TextDimension): number {
    return this.#of(dimension).dictionary?.count ?? 0;
  }

  async idsOf(dimension: TextDimension, value: string): Promise<readonly number[]> {
    const { column, dictionary } = this.#of(dimension);
    const held = dictionary?.idOf(value) ?? null;
    if (held !== null) return [held];
    if (dictionary?.hasOverflow !== true) return [];
    const [ids = []] = await this.#database.columns(`SELECT id FROM ${overflowOf(column)} WHERE value = $value`, {
      value,
    });
    return ids.map(Number);
  }

  #of(dimension: Dimension): { readonly column: string; readonly dictionary: TextDictionary | undefined } {
    const column = DIMENSION_COLUMNS[dimension];
    return { column, dictionary: this.#dictionaries.get(column) };
  }

  async #overflowValues(column: string, ids: readonly number[]): Promise<Map<number, string>> {
    const [found = [], values = []] = await this.#database.columns(
      `SELECT id, value FROM ${overflowOf(column)} WHERE id IN (${ids.join(", ")})`,
    );
    return new Map(found.map((id, row) => [Number(id), String(values[row])]));
  }
}

function overflowOf(column: string): string {
  return `more_${column}`;
}
