import type { TimeWindow } from "../../../domain/time-window.ts";
import type { LogDatabase } from "./database.ts";
import { loadStatement, type ReadableFile } from "./raw-table.ts";

/** The engine reads the files of a statement in parallel, and is the faster the more it is given; but progress and retries go by statement. */
const BATCH_BYTES = 128 * 1024 ** 2;
const BATCH_FILES = 500;

/** About four reports a second. */
const PROGRESS_EVERY_MS = 250;

export interface LoadProgress {
  readonly filesDone: number;
  readonly linesRead: number;
  readonly bytesRead: number;
}

/** Loads files into the raw table; gives the ids of those that the engine could not read at all. */
export async function loadFiles(load: {
  database: LogDatabase;
  files: readonly ReadableFile[];
  window: TimeWindow | null;
  onProgress: (progress: LoadProgress) => void;
  signal: AbortSignal;
}): Promise<ReadonlySet<number>> {
  const { database, window, signal } = load;
  const failed = new Set<number>();
  const done = { files: 0, lines: 0, bytes: 0 };

  async function loadBatch(batch: readonly ReadableFile[]): Promise<void> {
    signal.throwIfAborted();
    const ticker = setInterval(() => report(batch, database.shareDone()), PROGRESS_EVERY_MS);
    try {
      const lines = linesOf(batch);
      report(batch, 0);
      done.lines += await lines;
    } finally {
      clearInterval(ticker);
    }
    done.files += batch.length;
    done.bytes += bytesOf(batch);
    report([], 0);
  }

  async function linesOf(batch: readonly ReadableFile[]): Promise<number> {
    try {
      return await database.run(loadStatement(batch, window));
    } catch (error) {
      signal.throwIfAborted();
      if (isOutOfSpace(error)) throw error;
      const [first] = batch;
      if (first !== undefined && batch.length === 1) {
        failed.add(first.id);
        return 0;
      }
      // One bad file fails all that it is read with: halve until it stands alone.
      const middle = Math.ceil(batch.length / 2);
      return (await linesOf(batch.slice(0, middle))) + (await linesOf(batch.slice(middle)));
    }
  }

  function report(batch: readonly ReadableFile[], share: number): void {
    load.onProgress({
      filesDone: done.files + Math.floor(batch.length * share),
      linesRead: done.lines,
      bytesRead: Math.round(done.bytes + bytesOf(batch) * share),
    });
  }

  for (const batch of batchesOf(load.files)) await loadBatch(batch);
  return failed;
}

/** Files of one format, packing and line end; the largest first, so that no thread is left alone with one at the end. */
function batchesOf(files: readonly ReadableFile[]): readonly ReadableFile[][] {
  const batches: ReadableFile[][] = [];
  const open = new Map<string, ReadableFile[]>();
  for (const file of files.toSorted((a, b) => b.bytes - a.bytes || a.id - b.id)) {
    const kind = `${file.format} ${file.isGzip} ${file.newlineBytes}`;
    const batch = open.get(kind);
    if (batch && batch.length < BATCH_FILES && bytesOf(batch) + file.bytes <= BATCH_BYTES) {
      batch.push(file);
    } else {
      const begun = [file];
      open.set(kind, begun);
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
