import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";

// Not by `import`, which looks through the CommonJS package for names to bind: 45 ms, before anything is read.
const { DuckDBInstance } = createRequire(import.meta.url)("@duckdb/node-api") as typeof import("@duckdb/node-api");
type DuckDBInstance = import("@duckdb/node-api").DuckDBInstance;

/** Values that a query gives back or is given. */
export type SqlValue = string | number | boolean | null;

/** One slice's own database: in memory, spilling to a folder of its own, gone when closed. */
export class LogDatabase {
  /** For files that live as long as the database. */
  readonly folder: string;
  readonly #instance: DuckDBInstance;
  /** Takes what changes something. */
  readonly #writer: Turns;
  /** Take questions, several at the same time: while one's result is turned into values, the engine works on another. */
  readonly #readers: readonly Turns[];
  /** Apart from the others, whose next statement would end a result that is still being read. */
  readonly #streaming: DuckDBConnection;
  #asked = 0;
  #isClosed = false;

  private constructor(folder: string, instance: DuckDBInstance, connections: readonly DuckDBConnection[]) {
    const [writer, streaming, ...readers] = connections;
    if (writer === undefined || streaming === undefined) throw new Error("too few connections");
    this.folder = folder;
    this.#instance = instance;
    this.#writer = inTurns(writer);
    this.#streaming = streaming;
    this.#readers = readers.map(inTurns);
  }

  static async open(spillDir: string, memoryLimitBytes = defaultMemoryLimitBytes()): Promise<LogDatabase> {
    await mkdir(spillDir, { recursive: true });
    const folder = await mkdtemp(join(spillDir, "logs-"));
    const threads = Math.min(availableParallelism(), MAX_THREADS);
    try {
      const instance = await DuckDBInstance.create(":memory:", {
        threads: String(threads),
        memory_limit: `${Math.round(memoryLimitBytes / 1024 ** 2)}MiB`,
        temp_directory: join(folder, "spill"),
        preserve_insertion_order: "false",
        // Files are named by us; nothing is to be fetched or loaded on its own.
        autoinstall_known_extensions: "false",
        autoload_known_extensions: "false",
      });
      const connections = await Promise.all(Array.from({ length: 2 + READERS }, () => instance.connect()));
      // Only then does the engine count how far it is; it must not draw that itself.
      await connections[0]?.run(
        "SET enable_progress_bar = true; SET enable_progress_bar_print = false; SET progress_bar_time = 0",
      );
      return new LogDatabase(folder, instance, connections);
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Runs a statement; gives the number of rows it changed. */
  async run(sql: string): Promise<number> {
    return this.#writer.take(async (connection) => (await connection.run(sql)).rowsChanged);
  }

  /** Gives the result's columns, in order; numbers must be of a type that JavaScript's numbers hold. */
  async columns(sql: string, values?: Record<string, SqlValue>): Promise<SqlValue[][]> {
    const reader = await this.#anyReader().take((connection) => connection.runAndReadAll(sql, values));
    return reader.getColumnsJS() as SqlValue[][];
  }

  /** Gives the result's rows a chunk at a time, so that large ones are never held whole. */
  async *chunks(sql: string): AsyncGenerator<SqlValue[][]> {
    const result = await this.#streaming.stream(sql);
    for await (const rows of result.yieldRowsJs()) yield rows as SqlValue[][];
  }

  /** Adds rows; the values are in the order of the table's columns. */
  async append(table: string, rows: Iterable<readonly SqlValue[]>): Promise<void> {
    await this.#writer.take((connection) => appendRows(connection, table, rows));
  }

  /** Makes a table of rows, beside whatever else is being written. */
  async createTable(table: string, columns: string, rows: Iterable<readonly SqlValue[]>): Promise<void> {
    await this.#anyReader().take(async (connection) => {
      await connection.run(`CREATE TABLE ${table} (${columns})`);
      await appendRows(connection, table, rows);
    });
  }

  /** How much of the statement under way is done, 0–1, as far as the engine knows. */
  shareDone(): number {
    return Math.min(100, Math.max(0, this.#writer.connection.progress.percentage)) / 100;
  }

  /** Stops what runs within milliseconds; its promises reject. */
  interrupt(): void {
    if (!this.#isClosed) for (const connection of this.#connections()) connection.interrupt();
  }

  /** Frees memory and disk; a second call does nothing. Waits for the statements under way. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await Promise.all([this.#writer, ...this.#readers].map((turns) => turns.idle()));
    for (const connection of this.#connections()) connection.closeSync();
    this.#instance.closeSync();
    await rm(this.folder, { recursive: true, force: true });
  }

  #anyReader(): Turns {
    return this.#readers[this.#asked++ % this.#readers.length] as Turns;
  }

  #connections(): readonly DuckDBConnection[] {
    return [this.#streaming, ...[this.#writer, ...this.#readers].map(({ connection }) => connection)];
  }
}

async function appendRows(
  connection: DuckDBConnection,
  table: string,
  rows: Iterable<readonly SqlValue[]>,
): Promise<void> {
  const appender = await connection.createAppender(table);
  const types = Array.from({ length: appender.columnCount }, (_, index) => appender.columnType(index).toString());
  for (const row of rows) {
    row.forEach((value, index) => {
      if (value === null) appender.appendNull();
      else if (typeof value === "string") appender.appendVarchar(value);
      else if (types[index] === "BIGINT") appender.appendBigInt(BigInt(value));
      else appender.appendInteger(Number(value));
    });
    appender.endRow();
  }
  appender.closeSync();
}

/** Questions that the engine works on at the same time; it shares its threads among them. */
const READERS = 2;

/** A connection, which takes one statement at a time. */
interface Turns {
  readonly connection: DuckDBConnection;
  take<Result>(work: (connection: DuckDBConnection) => Promise<Result>): Promise<Result>;
  /** Resolves when nothing is under way. */
  idle(): Promise<unknown>;
}

function inTurns(connection: DuckDBConnection): Turns {
  let underWay: Promise<unknown> = Promise.resolve();
  return {
    connection,
    take(work) {
      const result = underWay.then(() => work(connection));
      underWay = result.catch(() => {});
      return result;
    },
    idle: () => underWay,
  };
}

/** More readers than this wait for each other's memory and disk. */
const MAX_THREADS = 8;

/** A bot shares its machine: half of what there is, and no more than a slice of some 10 M requests needs. */
function defaultMemoryLimitBytes(): number {
  const limit = process.constrainedMemory();
  // Without a limit the kernel reports a number beyond all memory, or none.
  const available = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  return Math.min(available / 2, 4 * 1024 ** 3);
}

/** Writes a text as an SQL literal. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
