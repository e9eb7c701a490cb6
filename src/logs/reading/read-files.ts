/** Has files read by as many threads as that is worth, as they arrive. */
import type { LocalFile } from "../sources/source.ts";
import type { Batch } from "./batch.ts";
import type { FileResult, FileTask } from "./file-reader.ts";
import type { ReadSettings } from "./reading-context.ts";
import { ReadingThreads } from "./reading-threads.ts";
import { splitFile } from "./split-file.ts";

/** A file, or a part of one, and what became of it. */
export interface ReadFile {
  readonly file: LocalFile;
  readonly result: FileResult;
}

export interface FilesToRead {
  readonly files: AsyncIterable<LocalFile>;
  readonly settings: ReadSettings;
  /** Takes rows, from all threads in turn. */
  take(batch: Batch): Promise<void>;
  /** Reads a file of rows and columns. */
  readParquet(task: FileTask): Promise<FileResult>;
  /** Told once for each part of a file, with its bytes on disk, and whether that was the last of them. */
  onRead(part: { readonly bytes: number; readonly isLast: boolean }, result: FileResult): void;
  readonly signal: AbortSignal;
  readonly localBytes?: number | undefined;
}

/**
 * Reads all files. Those that tell of connections or health checks are read only where none tells of requests.
 *
 * @throws the signal's reason within a second of its abort; what `files` and `take` throw
 */
export async function readFiles(request: FilesToRead): Promise<readonly ReadFile[]> {
  const done: ReadFile[] = [];
  const threads = new ReadingThreads(request);
  const aborted = rejectOnAbort(request.signal);
  try {
    await Promise.race([readAll(request, threads, done), aborted.promise]);
    return done;
  } finally {
    aborted.forget();
    await threads.stop();
  }
}

async function readAll(request: FilesToRead, threads: ReadingThreads, done: ReadFile[]): Promise<void> {
  const setAside: ReadFile[] = [];
  const partsLeft = new Map<LocalFile, number>();
  const work = async (file: LocalFile, task: FileTask): Promise<void> => {
    let result = await threads.read(task, file.bytes);
    if (result.kind === "parquet") result = await request.readParquet(task);
    const left = (partsLeft.get(file) ?? 1) - 1;
    if (left > 0) partsLeft.set(file, left);
    const bytes = task.part === null ? file.bytes : task.part.end - task.part.start;
    // What was set aside, and is read after all, is told of again, with its lines.
    request.onRead(task.takesAnything ? { bytes: 0, isLast: false } : { bytes, isLast: left === 0 }, result);
    (result.kind === "set-aside" ? setAside : done).push({ file, result });
  };
  const underWay = new Set<Promise<void>>();
  const failures: unknown[] = [];
  for await (const file of request.files) {
    const parts = (await splitFile(file)) ?? [null];
    if (parts.length > 1) partsLeft.set(file, parts.length);
    for (const part of parts) {
      const task = { path: file.path, name: file.name, part, takesAnything: false };
      await threads.room();
      throwFirst(failures);
      const working = work(file, task)
        .catch((error: unknown) => {
          failures.push(error);
        })
        .finally(() => underWay.delete(working));
      underWay.add(working);
    }
  }
  await Promise.all(underWay);
  throwFirst(failures);
  if (done.some(({ result }) => tellsOfRequests(result))) {
    done.push(...setAside);
  } else {
    for (const { file } of setAside) {
      await work(file, { path: file.path, name: file.name, part: null, takesAnything: true });
    }
  }
  await threads.finish();
}

/** Not a file of which no line was a request. */
function tellsOfRequests(result: FileResult): boolean {
  if (result.kind !== "read") return false;
  const { parsed, headers, recovered } = result.counts;
  return parsed - headers + recovered > 0;
}

function throwFirst(failures: readonly unknown[]): void {
  if (failures.length > 0) throw failures[0];
}

function rejectOnAbort(signal: AbortSignal): { readonly promise: Promise<never>; forget(): void } {
  let onAbort = () => {};
  const promise = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener("abort", onAbort);
  });
  promise.catch(() => {});
  return { promise, forget: () => signal.removeEventListener("abort", onAbort) };
}
