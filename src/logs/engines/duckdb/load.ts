import type { DuckDBConnection } from "@duckdb/node-api";
import type { TimeWindow } from "../../../domain/time-window.ts";
import type { LogDatabase } from "./database.ts";
import { loadStatement, type ReadableFile } from "./raw-table.ts";

/** A statement costs milliseconds, so small files are loaded together, up to so many bytes and files. */
const BATCH_BYTES = 4 * 1024 ** 2;
const BATCH_FILES = 64;

export interface LoadProgress {
  readonly filesDone: number;
  readonly linesRead: number;
  readonly bytesRead: number;
}

/** Loads files into the raw table, several at a time; gives the ids of those that the engine could not read at all. */
export async function loadFiles(load: {
  database: LogDatabase;
  files: readonly ReadableFile[];
  window: TimeWindow | null;
  onProgress: (progress: LoadProgress) => void;
  signal: AbortSignal;
}): Promise<ReadonlySet<number>> {
  const waiting = batchesOf(load.files);
  const failed = new Set<number>();
  const done = { files: 0, lines: 0, bytes: 0 };
  const underWay = new Map<DuckDBConnection, number>();

  function report(): void {
    const partBytes = [...underWay].reduce((sum, [connection, bytes]) => sum + bytes * shareDone(connection), 0);
    load.onProgress({ filesDone: done.files, linesRead: done.lines, bytesRead: Math.round(done.bytes + partBytes) });
  }

  async function loadBatch(connection: DuckDBConnection, batch: readonly ReadableFile[]): Promise<void> {
    try {
      done.lines += (await connection.run(loadStatement(batch, load.window))).rowsChanged;
    } catch (error) {
      load.signal.throwIfAborted();
      if (isOutOfSpace(error)) throw error;
      // One bad file fails its whole batch; alone, the others are read.
      for (const file of batch) {
        if (batch.length === 1) failed.add(file.id);
        else await loadBatch(connection, [file]);
      }
    }
  }

  const ticker = setInterval(report, PROGRESS_EVERY_MS);
  try {
    // All of them, also after a failure: nobody may still be loading when the database is closed.
    const outcomes = await Promise.allSettled(
      load.database.connections.map(async (connection) => {
        for (let batch = waiting.shift(); batch !== undefined; batch = waiting.shift()) {
          load.signal.throwIfAborted();
          const bytes = bytesOf(batch);
          underWay.set(connection, bytes);
          await loadBatch(connection, batch);
          underWay.delete(connection);
          done.files += batch.length;
          done.bytes += bytes;
        }
      }),
    );
    for (const outcome of outcomes) if (outcome.status === "rejected") throw outcome.reason;
  } finally {
    clearInterval(ticker);
  }
  report();
  return failed;
}

/** About four reports a second. */
const PROGRESS_EVERY_MS = 250;

function shareDone(connection: DuckDBConnection): number {
  return Math.min(100, Math.max(0, connection.progress.percentage)) / 100;
}

/** Large files first and alone, so that no thread is left with the last large one while the others idle. */
function batchesOf(files: readonly ReadableFile[]): ReadableFile[][] {
  const batches: ReadableFile[][] = [];
  const open = new Map<string, ReadableFile[]>();
  for (const file of files.toSorted((a, b) => b.bytes - a.bytes || a.id - b.id)) {
    const key = `${file.format} ${file.isGzip}`;
    const batch = open.get(key);
    if (batch && batch.length < BATCH_FILES && bytesOf(batch) + file.bytes <= BATCH_BYTES) batch.push(file);
    else {
      const begun = [file];
      open.set(key, begun);
      batches.push(begun);
    }
  }
  return batches;
}

function bytesOf(files: readonly ReadableFile[]): number {
  return files.reduce((sum, file) => sum + file.bytes, 0);
}

/** Not the file's fault: reading it in another way would fail too. */
function isOutOfSpace(error: unknown): boolean {
  return error instanceof Error && /Out of Memory|No space left/i.test(error.message);
}
