import { COLUMN_WIDTHS, NUMBER_COLUMNS, QUERY_HASH_COLUMN, TEXT_COLUMNS } from "../../columns.ts";
import type { Batch } from "../../reading/batch.ts";
import type { LogDatabase } from "./database.ts";
import type { HeldTexts } from "./held-texts.ts";
import type { BulkColumn, TableWriter } from "./table-writer.ts";

/** Turns batches into rows of the table `requests`, which has the columns of which some request knew a value. */
export class RequestTable {
  readonly #columns: Pick<BulkColumn, "name" | "type">[] = [];
  readonly #database: LogDatabase;
  readonly #texts: HeldTexts;
  #writer: TableWriter | null = null;
  #rows = 0;
  #adding: Promise<void> = Promise.resolve();

  constructor(database: LogDatabase, texts: HeldTexts) {
    this.#database = database;
    this.#texts = texts;
  }

  /** The names of the columns that there are. */
  get columns(): ReadonlySet<string> {
    return new Set(this.#columns.map(({ name }) => name));
  }

  /** Adds one batch after another, however many are given at once. */
  add(batch: Batch): Promise<void> {
    this.#adding = this.#adding.then(() => this.#add(batch));
    return this.#adding;
  }

  async #add(batch: Batch): Promise<void> {
    for (const added of batch.texts) this.#texts.byColumn.get(added.code)?.take(batch, added);
    const columns = batch.columns.flatMap((column) => this.#bulkColumns(batch, column));
    const missing = columns.filter(({ name }) => !this.#has(name));
    if (missing.length > 0) await this.#addColumns(missing);
    if (this.#writer === null) throw new Error("a batch of requests knows nothing of them");
    this.#writer.write(batch.rows, columns);
    this.#rows += batch.rows;
    await this.#texts.spill();
  }

  /** Makes what was added visible to questions. @throws where a row is missing, which is a mistake of ours */
  async finish(): Promise<void> {
    if (this.#columns.length === 0) await this.#addColumns([{ name: "arrival_ms", type: "BIGINT" }]);
    this.#writer?.close();
    this.#writer = null;
    await this.#texts.finish(this.columns);
    const [[rows] = []] = await this.#database.columns("SELECT count(*)::DOUBLE FROM requests");
    if (rows !== this.#rows) throw new Error(`${this.#rows} requests were read, and ${rows} are there`);
  }

  #has(name: string): boolean {
    return this.#columns.some((column) => column.name === name);
  }

  #bulkColumns(batch: Batch, column: Batch["columns"][number]): BulkColumn[] {
    const number = NUMBER_COLUMNS.find(({ code }) => code === column.code);
    if (number !== undefined) {
      return [{ name: number.name, type: number.type, width: COLUMN_WIDTHS[number.type], ...column }];
    }
    const texts = this.#texts.byColumn.get(column.code);
    const name = TEXT_COLUMNS.find(({ code }) => code === column.code)?.name;
    if (texts === undefined || name === undefined) return [];
    const { rows } = batch;
    const ids = gather(new Uint32Array(column.values), texts.remapOf(batch), rows);
    const hashed = batch.columns.find(({ code }) => code === QUERY_HASH_COLUMN.code);
    return [
      texts.hashes === null ? idColumn(name, ids) : texts.hashes.column(ids.ids, hashed),
      ...texts.derived.map((derived) => idColumn(derived.column.name, gather(ids.ids, derived.ids, rows))),
    ].filter((each) => each !== null);
  }

  async #addColumns(missing: readonly Pick<BulkColumn, "name" | "type">[]): Promise<void> {
    this.#writer?.close();
    this.#writer = null;
    const isNew = this.#columns.length === 0;
    this.#columns.push(...missing.map(({ name, type }) => ({ name, type })));
    const definitions = missing.map(({ name, type }) => `${name} ${type}`);
    if (isNew) await this.#database.run(`CREATE TABLE requests (${definitions.join(", ")})`);
    else
      for (const definition of definitions) await this.#database.run(`ALTER TABLE requests ADD COLUMN ${definition}`);
    this.#writer = this.#database.writer("requests", this.#columns);
  }
}

/** Numbers of one kind into numbers of another, with how many of them are unknown. */
interface Ids {
  readonly ids: Int32Array;
  readonly unknown: number;
}

// Plain loops, here and below: each runs over every value of every request.
function gather(numbers: Uint32Array | Int32Array, from: Int32Array, rows: number): Ids {
  const ids = new Int32Array(rows);
  let unknown = 0;
  for (let row = 0; row < rows; row += 1) {
    const id = from[numbers[row] as number] as number;
    ids[row] = id;
    if (id === 0) unknown += 1;
  }
  return { ids, unknown };
}

/** 0 stands for unknown. Null where all are. */
function idColumn(name: string, { ids, unknown }: Ids): BulkColumn | null {
  if (unknown === ids.length) return null;
  const column = { name, type: "INTEGER", width: 4, values: ids.buffer as ArrayBuffer } as const;
  return { ...column, known: unknown === 0 ? null : (bitsOfKnown(ids).buffer as ArrayBuffer) };
}

function bitsOfKnown(ids: Int32Array): Uint8Array {
  const bits = new Uint8Array(Math.ceil(ids.length / 8));
  for (let row = 0; row < ids.length; row += 1) {
    if (ids[row] !== 0) bits[row >> 3] = (bits[row >> 3] as number) | (1 << (row & 7));
  }
  return bits;
}
