import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { availableParallelism, totalmem } from "node:os";
import { join } from "node:path";
import type { DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { explainSpill, noSpillFolder } from "./spill-errors.ts";
import { type BulkColumn, openTableWriter, type TableWriter } from "./table-writer.ts";

type DuckDB = typeof import("@duckdb/node-api");

let loaded: DuckDB | undefined;

/**
 * Loads the engine when it is needed: by then others are reading. Not by `import`, which looks through the CommonJS
 * package for names to bind, for 45 ms.
 */
function loadDuckDB(): DuckDB {
  loaded ??= createRequire(import.meta.url)("@duckdb/node-api") as DuckDB;
  return loaded;
}

/** Values that a query gives back or is given. */
export type SqlValue = string | number | boolean | null;

/** One slice's own database: in memory, spilling to a folder of its own, gone when closed. */
export class LogDatabase {
  /** For files that live as long as the database. */
  readonly folder: string;
  readonly #instance: DuckDBInstance;
  /** Each takes one statement at a time; the engine shares its threads among those under way. */
  readonly #connections: readonly Connection[];
  /** Apart from the others, whose next statement would end a result that is still being read. */
  readonly #streaming: DuckDBConnection;
  /** What nobody can have written into a log. */
  readonly #separator = `\u0001${randomBytes(12).toString("hex")}\u0001`;
  #isClosed = false;
  #heeded: AbortSignal | null = null;
  readonly #interrupt = () => this.interrupt();

  private constructor(
    folder: string,
    instance: DuckDBInstance,
    connections: readonly DuckDBConnection[],
    streaming: DuckDBConnection,
  ) {
    this.folder = folder;
    this.#instance = instance;
    this.#connections = connections.map((duckdb) => ({ duckdb, waiting: 0, underWay: Promise.resolve() }));
    this.#streaming = streaming;
  }

  /** @throws {UserError} `logs-no-spill-folder` where nothing can be written there */
  static async open(spillDir: string, memoryLimitBytes = defaultMemoryLimitBytes()): Promise<LogDatabase> {
    const folder = await makeFolder(spillDir);
    const threads = Math.min(availableParallelism(), MAX_THREADS);
    try {
      const instance = await loadDuckDB().DuckDBInstance.create(":memory:", {
        threads: String(threads),
        memory_limit: `${Math.round(memoryLimitBytes / 1024 ** 2)}MiB`,
        temp_directory: join(folder, "spill"),
        preserve_insertion_order: "false",
        // Files are named by us; nothing is to be fetched or loaded on its own.
        autoinstall_known_extensions: "false",
        autoload_known_extensions: "false",
      });
      const connections = await Promise.all(Array.from({ length: AT_ONCE }, () => instance.connect()));
      return new LogDatabase(folder, instance, connections, await instance.connect());
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /** Runs a statement; gives the number of rows it changed. */
  async run(sql: string): Promise<number> {
    return this.#take(async (duckdb) => (await duckdb.run(sql)).rowsChanged);
  }

  /** Gives the result's columns, in order; numbers must be of a type that JavaScript's numbers hold. */
  async columns(sql: string, values?: Record<string, SqlValue>): Promise<SqlValue[][]> {
    const reader = await this.#take((duckdb) => duckdb.runAndReadAll(sql, values));
    return reader.getColumnsJS() as SqlValue[][];
  }

  /** Gives the result's rows a chunk at a time, so that large ones are never held whole. */
  async *chunks(sql: string): AsyncGenerator<SqlValue[][]> {
    const result = await this.#streaming.stream(sql);
    for await (const rows of result.yieldRowsJs()) yield rows as SqlValue[][];
  }

  /** Adds texts to a table `(id INTEGER, value VARCHAR)`, numbered in turn. */
  async appendTexts(table: string, firstId: number, texts: readonly string[]): Promise<void> {
    // As one text that the engine parts: a value at a time took ten times as long.
    await this.columns(
      `INSERT INTO ${table} SELECT unnest(range($firstId, $endId))::INTEGER, unnest(string_split($texts, $separator))`,
      { firstId, endId: firstId + texts.length, texts: texts.join(this.#separator), separator: this.#separator },
    );
  }

  /**
   * Opens a writer that adds many rows at once. No statement may need the connection meanwhile that it has to itself.
   * @param columns all of the table, in order
   */
  writer(table: string, columns: readonly Pick<BulkColumn, "name" | "type">[]): TableWriter {
    return openTableWriter(this.#streaming, table, columns);
  }

  /** From now on runs nothing more once the signal is aborted, and stops what runs then. */
  heed(signal: AbortSignal): void {
    this.#heeded = signal;
    signal.addEventListener("abort", this.#interrupt, { once: true });
  }

  /** Stops what runs within milliseconds; its promises reject. */
  interrupt(): void {
    if (!this.#isClosed) for (const duckdb of this.#all()) duckdb.interrupt();
  }

  /** Frees memory and disk; a second call does nothing. Waits for the statements under way. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#heeded?.removeEventListener("abort", this.#interrupt);
    await Promise.all(this.#connections.map(({ underWay }) => underWay));
    for (const duckdb of this.#all()) duckdb.closeSync();
    this.#instance.closeSync();
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Runs at once where a connection is free, and behind others where none is. */
  async #take<Result>(work: (duckdb: DuckDBConnection) => Promise<Result>): Promise<Result> {
    const connection = this.#connections.reduce((best, other) => (other.waiting < best.waiting ? other : best));
    connection.waiting += 1;
    const result = connection.underWay
      .then(() => {
        this.#heeded?.throwIfAborted();
        return work(connection.duckdb);
      })
      .catch((error: unknown) => {
        throw explainSpill(error, this.folder);
      });
    connection.underWay = result.then(ended, ended);
    return result;

    function ended(): void {
      connection.waiting -= 1;
    }
  }

  #all(): readonly DuckDBConnection[] {
    return [this.#streaming, ...this.#connections.map(({ duckdb }) => duckdb)];
  }
}

async function makeFolder(spillDir: string): Promise<string> {
  try {
    await mkdir(spillDir, { recursive: true });
    return await mkdtemp(join(spillDir, "logs-"));
  } catch (error) {
    throw noSpillFolder(error, spillDir);
  }
}

interface Connection {
  readonly duckdb: DuckDBConnection;
  /** Statements that have not ended. */
  waiting: number;
  /** Resolves when the last of them has. */
  underWay: Promise<void>;
}

/** While one statement's result is turned into values, the engine works on the others. */
const AT_ONCE = 3;

/** More readers than this wait for each other's memory and disk. */
const MAX_THREADS = 8;

/** What ten million requests take; more spills to disk. A bot shares its machine: a quarter of what there is, where that is less. */
const MEMORY_LIMIT_BYTES = 640 * 1024 ** 2;

function defaultMemoryLimitBytes(): number {
  const limit = process.constrainedMemory();
  // Without a limit the kernel reports a number beyond all memory, or none.
  const available = limit > 0 ? Math.min(limit, totalmem()) : totalmem();
  return Math.min(available / 4, MEMORY_LIMIT_BYTES);
}

/** Writes a text as an SQL literal. */
export function sqlText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
