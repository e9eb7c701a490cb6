import { availableParallelism } from "node:os";
import type { Batch } from "./batch.ts";
import type { FileResult, FileTask } from "./file-reader.ts";
import type { ReadSettings } from "./reading-context.ts";
import { createLocalThread, type FileReaderThread, startWorkerThread } from "./reading-thread.ts";

/** As much as one thread reads in the time that another one takes to start. */
const LOCAL_BYTES = 3 * 1024 ** 2;
/** As much as is read in the time that it takes to open a file. */
const BYTES_PER_FILE = 32 * 1024;
/** More threads than this wait for each other's memory. */
const MAX_THREADS = 8;
/** Files may be a hundred thousand. */
const MAX_QUEUED = 512;
/** Small files are read so many at a time, since telling a thread takes longer than reading one. */
const MAX_TOGETHER = 64;
const MAX_TOGETHER_BYTES = 1024 ** 2;

/** What is to be read, and who waits for it. */
interface Waiting {
  readonly task: FileTask;
  readonly bytes: number;
  resolve(result: FileResult): void;
  reject(error: unknown): void;
}

export interface ReadingThreadsOptions {
  readonly settings: ReadSettings;
  take(batch: Batch): Promise<void>;
  readonly signal: AbortSignal;
  /** What is read before another thread is started, in bytes; so much that it pays where it is left out. */
  readonly localBytes?: number | undefined;
}

/** Threads that read files, started when there is enough for them to do. */
export class ReadingThreads {
  readonly #options: ReadingThreadsOptions;
  readonly #idle: FileReaderThread[] = [];
  readonly #all: FileReaderThread[] = [];
  readonly #waiting: Waiting[] = [];
  #local: FileReaderThread | null = null;
  #seenBytes = 0;
  #queued = 0;
  #roomMade: (() => void) | null = null;
  #lastLocal: Promise<unknown> = Promise.resolve();
  #failure: { readonly error: unknown } | null = null;

  constructor(options: ReadingThreadsOptions) {
    this.#options = options;
  }

  /** @param fileBytes the size of the whole file */
  async read(task: FileTask, fileBytes: number): Promise<FileResult> {
    this.#queued += 1;
    const bytes = BYTES_PER_FILE + (task.part === null ? fileBytes : task.part.end - task.part.start);
    try {
      this.#seenBytes += bytes;
      if (this.#seenBytes <= (this.#options.localBytes ?? LOCAL_BYTES)) return await this.#readLocally(task);
      return await new Promise<FileResult>((resolve, reject) => {
        this.#waiting.push({ task, bytes, resolve, reject });
        this.#giveOut();
      });
    } catch (error) {
      this.#failure ??= { error };
      throw error;
    } finally {
      this.#queued -= 1;
      this.#roomMade?.();
      this.#roomMade = null;
    }
  }

  /** Resolves when there is not too much queued. */
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

  async #readLocally(task: FileTask): Promise<FileResult> {
    this.#local ??= createLocalThread({ name: "0", ...this.#options });
    const local = this.#local;
    const results = this.#lastLocal.then(() => local.read([task]));
    this.#lastLocal = results.catch(() => {});
    return (await results)[0] as FileResult;
  }

  #giveOut(): void {
    while (this.#waiting.length > 0) {
      const thread = this.#idle.pop() ?? this.#start();
      if (thread === null) return;
      void this.#readTogether(thread, this.#takeSome());
    }
  }

  #start(): FileReaderThread | null {
    if (this.#all.length === Math.min(availableParallelism(), MAX_THREADS)) return null;
    const thread = startWorkerThread({ name: String(this.#all.length + 1), ...this.#options });
    this.#all.push(thread);
    return thread;
  }

  #takeSome(): readonly Waiting[] {
    let bytes = 0;
    const end = this.#waiting.findIndex((waiting, index) => {
      bytes += waiting.bytes - BYTES_PER_FILE;
      return index > 0 && (index === MAX_TOGETHER || bytes > MAX_TOGETHER_BYTES);
    });
    return this.#waiting.splice(0, end === -1 ? this.#waiting.length : end);
  }

  async #readTogether(thread: FileReaderThread, together: readonly Waiting[]): Promise<void> {
    try {
      const results = await thread.read(together.map(({ task }) => task));
      together.forEach(({ resolve }, index) => {
        resolve(results[index] as FileResult);
      });
    } catch (error) {
      for (const { reject } of together) reject(error);
    }
    this.#idle.push(thread);
    this.#giveOut();
  }
}
