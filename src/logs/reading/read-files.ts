/** Has files read by as many threads as that is worth, as they arrive. */
import { availableParallelism } from "node:os";
import type { LocalFile } from "../sources/source.ts";
import type { Batch } from "./batch.ts";
import type { FileResult, FileTask } from "./file-reader.ts";
import type { ReadSettings } from "./reading-context.ts";
import { createLocalThread, type FileReaderThread, startWorkerThread } from "./reading-thread.ts";
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
  onRead(file: LocalFile, result: FileResult): void;
  readonly signal: AbortSignal;
}

/** As much as one thread reads in the time that another one takes to start; a benchmark may have it read all. */
export const LOCAL_BYTES = { limit: 3 * 1024 ** 2 };
/** More threads than this wait for each other's memory. */
const MAX_THREADS = 8;

/**
 * Reads all files. Those that tell of connections or health checks are read only where none tells of requests.
 *
 * @throws the signal's reason within a second of its abort; what `files` and `take` throw
 */
export async function readFiles(request: FilesToRead): Promise<readonly ReadFile[]> {
  const done: ReadFile[] = [];
  const threads = new Threads(request);
  const aborted = rejectOnAbort(request.signal);
  try {
    await Promise.race([readAll(request, threads, done), aborted.promise]);
    return done;
  } finally {
    aborted.forget();
    await threads.stop();
  }
}

async function readAll(request: FilesToRead, threads: Threads, done: ReadFile[]): Promise<void> {
  const setAside: ReadFile[] = [];
  const work = async (file: LocalFile, task: FileTask): Promise<void> => {
    let result = await threads.read(file, task);
    if (result.kind === "parquet") result = await request.readParquet(task);
    request.onRead(file, result);
    (result.kind === "set-aside" ? setAside : done).push({ file, result });
  };
  const underWay = new Set<Promise<void>>();
  for await (const file of request.files) {
    const parts = (await splitFile(file)) ?? [null];
    for (const part of parts) {
      const task = { path: file.path, name: file.name, part, takesAnything: false };
      await threads.room();
      const working = work(file, task).finally(() => underWay.delete(working));
      // A failure is seen when all are waited for.
      working.catch(() => {});
      underWay.add(working);
    }
  }
  await Promise.all(underWay);
  if (done.some(({ result }) => result.kind === "read")) {
    done.push(...setAside);
  } else {
    for (const { file } of setAside) {
      await work(file, { path: file.path, name: file.name, part: null, takesAnything: true });
    }
  }
  await threads.finish();
}

/** Threads, started when there is enough for them to do. */
class Threads {
  readonly #request: FilesToRead;
  readonly #idle: FileReaderThread[] = [];
  readonly #all: FileReaderThread[] = [];
  readonly #waiting: ((thread: FileReaderThread) => void)[] = [];
  #local: FileReaderThread | null = null;
  #seenBytes = 0;
  #queued = 0;
  #roomMade: (() => void) | null = null;
  #lastLocal: Promise<unknown> = Promise.resolve();
  #failure: { readonly error: unknown } | null = null;

  constructor(request: FilesToRead) {
    this.#request = request;
  }

  async read(file: LocalFile, task: FileTask): Promise<FileResult> {
    this.#queued += 1;
    try {
      this.#seenBytes += Math.min(file.bytes, task.part === null ? file.bytes : task.part.end - task.part.start);
      if (this.#seenBytes <= LOCAL_BYTES.limit) return await this.#readLocally(task);
      const thread = await this.#free();
      try {
        return await thread.read(task);
      } finally {
        this.#release(thread);
      }
    } catch (error) {
      this.#failure ??= { error };
      throw error;
    } finally {
      this.#queued -= 1;
      this.#roomMade?.();
      this.#roomMade = null;
    }
  }

  /** Resolves when there is not too much queued: files may be a hundred thousand. */
  async room(): Promise<void> {
    while (this.#queued >= MAX_QUEUED && this.#failure === null) {
      await new Promise<void>((resolve) => {
        this.#roomMade = resolve;
      });
    }
    if (this.#failure !== null) throw this.#failure.error;
  }

  async finish(): Promise<void> {
    await Promise.all([this.#local, ...this.#all].map((thread) => thread?.finish()));
  }

  async stop(): Promise<void> {
    await Promise.all([this.#local, ...this.#all].map((thread) => thread?.stop()));
  }

  #readLocally(task: FileTask): Promise<FileResult> {
    const { settings, take, signal } = this.#request;
    this.#local ??= createLocalThread({ name: "0", settings, take, signal });
    const local = this.#local;
    const result = this.#lastLocal.then(() => local.read(task));
    this.#lastLocal = result.catch(() => {});
    return result;
  }

  async #free(): Promise<FileReaderThread> {
    const idle = this.#idle.pop();
    if (idle !== undefined) return idle;
    if (this.#all.length < Math.min(availableParallelism(), MAX_THREADS)) {
      const { settings, take } = this.#request;
      const thread = startWorkerThread({ name: String(this.#all.length + 1), settings, take });
      this.#all.push(thread);
      return thread;
    }
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #release(thread: FileReaderThread): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#idle.push(thread);
    else next(thread);
  }
}

const MAX_QUEUED = 64;

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
