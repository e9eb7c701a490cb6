import type { Batch } from "../../reading/batch.ts";
import type { LineCounts } from "../../reading/file-lines.ts";
import type { FileResult, FileTask } from "../../reading/file-reader.ts";
import type { ReadSettings } from "../../reading/reading-context.ts";
import { createRecordKeeper } from "../../reading/record-keeper.ts";
import { LogDatabase } from "./database.ts";
import { whyUnreadable } from "./parquet-damage.ts";
import { type KnownLayout, type ParquetLayout, parquetLayout, selectParquet } from "./parquet-layout.ts";
import { createRowReader } from "./parquet-rows.ts";
import { windowCondition } from "./parquet-window.ts";

export interface ParquetReaderOptions {
  /** Where memory spills to. */
  readonly spillDir: string;
  readonly settings: ReadSettings;
  take(batch: Batch): Promise<void>;
  readonly signal: AbortSignal;
}

type ParquetTask = Pick<FileTask, "path" | "takesAnything">;

/**
 * Reads Parquet files one after another, in a database apart from the one that holds the requests: what damage in a
 * file does to the engine is done to that one alone, and it is replaced then.
 */
export class ParquetReader {
  readonly #options: ParquetReaderOptions;
  #database: LogDatabase | null = null;
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;
  #files = 0;

  constructor(options: ParquetReaderOptions) {
    this.#options = options;
  }

  /**
   * Reads a file. What is wrong with it is told, not thrown.
   * @throws the signal's reason when it is aborted, and what `take` throws
   */
  read(task: ParquetTask): Promise<FileResult> {
    const result = this.#last.then(() => this.#read(task));
    this.#last = result.catch(() => {});
    return result;
  }

  /** Ends what is being read, and frees memory and disk. */
  async close(): Promise<void> {
    this.#isClosed = true;
    this.#database?.interrupt();
    await this.#last;
    await this.#discard();
  }

  async #read({ path, takesAnything }: ParquetTask): Promise<FileResult> {
    this.#check();
    this.#database ??= await openDatabase(this.#options.spillDir);
    let layout: ParquetLayout;
    try {
      layout = await parquetLayout(this.#database, path, this.#options.settings);
    } catch (error) {
      return { kind: "skipped", reason: await this.#whatIsWrong(error) };
    }
    if (layout.kind === "unknown") return { kind: "skipped", reason: layout.reason };
    const { format } = layout;
    if (format.holds !== "requests" && !takesAnything) {
      return { kind: "set-aside", format: format.name, title: format.title };
    }
    const { counts, damage } = await this.#readRows(path, layout);
    if (damage !== null && counts.lines === 0) return { kind: "skipped", reason: damage };
    const because = `its columns are those of ${format.title}`;
    return { kind: "read", format: format.name, because, counts, damage };
  }

  async #readRows(path: string, layout: KnownLayout): Promise<{ counts: LineCounts; damage: string | null }> {
    const { settings, take } = this.#options;
    const full: Batch[] = [];
    this.#files += 1;
    const keeper = createRecordKeeper(settings, `parquet:${this.#files}`, (batch) => full.push(batch));
    const reader = createRowReader(layout.format, keeper);
    const condition = windowCondition(layout.columns, settings);
    const chunks = (this.#database as LogDatabase).chunks(selectParquet(path, layout.columns, condition));
    let damage: string | null = null;
    try {
      for (;;) {
        const chunk = await chunks.next().catch((error) => this.#whatIsWrong(error));
        this.#check();
        if (typeof chunk === "string") damage = chunk;
        if (typeof chunk === "string" || chunk.done === true) break;
        for (const [json] of chunk.value) reader.read(String(json));
        for (const batch of full.splice(0)) await take(batch);
      }
    } finally {
      await chunks.return(undefined);
    }
    keeper.flush();
    for (const batch of full) await take(batch);
    const counts = reader.counts();
    if (damage !== null) return { counts, damage };
    // Those that the engine left out are outside the window.
    return { counts: { ...counts, lines: layout.rows, parsed: layout.rows - counts.unparsed }, damage };
  }

  /** Why a file cannot be read, for people; throws what is no fault of the file. */
  async #whatIsWrong(error: unknown): Promise<string> {
    this.#check();
    const reason = whyUnreadable(error);
    if (reason === null) throw error;
    // An engine that has seen too much damage answers nothing any more.
    const isWell = await this.#database?.run("SELECT 1").then(
      () => true,
      () => false,
    );
    if (isWell !== true) await this.#discard();
    return reason;
  }

  #check(): void {
    this.#options.signal.throwIfAborted();
    if (this.#isClosed) throw new Error("reading has ended");
  }

  async #discard(): Promise<void> {
    const database = this.#database;
    this.#database = null;
    await database?.close();
  }
}

/** Row groups are read one by one, and nothing is sorted. */
const MEMORY_BYTES = 1024 ** 3;

async function openDatabase(spillDir: string): Promise<LogDatabase> {
  const database = await LogDatabase.open(spillDir, MEMORY_BYTES);
  // For texts that are times without a zone.
  await database.run("SET GLOBAL TimeZone = 'UTC'");
  return database;
}
