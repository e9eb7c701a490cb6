import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";
import { kernelCode } from "../kernel/kernel.ts";
import type { Batch } from "./batch.ts";
import { type FileResult, type FileTask, readLogFiles } from "./file-reader.ts";
import { createReadingContext, type ReadSettings } from "./reading-context.ts";
import type { FromWorker, ToWorker, WorkerData } from "./worker-messages.ts";

/** Something that reads files, one after another. */
export interface FileReaderThread {
  /** Gives a result for each; to be called again when they are there. */
  read(tasks: readonly FileTask[]): Promise<readonly FileResult[]>;
  /** Gives away what rows are left. */
  finish(): Promise<void>;
  /** Ends it at once, whatever it does. */
  stop(): Promise<void>;
}

interface ThreadOptions {
  readonly name: string;
  readonly settings: ReadSettings;
  /** Takes batches, one at a time: the next one comes when the one before was taken. */
  take(batch: Batch): Promise<void>;
}

/** Reads in this thread: for what is read in less time than a thread takes to start. */
export function createLocalThread({
  name,
  settings,
  take,
  signal,
}: ThreadOptions & { signal: AbortSignal }): FileReaderThread {
  let taking: Promise<void> = Promise.resolve();
  let waiting = 0;
  const context = createReadingContext(settings, {
    name,
    emit(batch) {
      waiting += 1;
      taking = taking
        .then(() => take(batch))
        .finally(() => {
          waiting -= 1;
        });
      // It is waited for below.
      taking.catch(() => {});
    },
    ready: () => (waiting === 0 ? null : taking),
    signal,
  });
  return {
    async read(tasks) {
      const results = await readLogFiles(tasks, context.reading);
      await taking;
      return results;
    },
    async finish() {
      context.flush();
      await taking;
    },
    async stop() {
      await taking.catch(() => {});
    },
  };
}

/** Starts a thread of its own. */
export function startWorkerThread({ name, settings, take }: ThreadOptions): FileReaderThread {
  const [program, options] = workerProgram();
  const worker = new Worker(program, {
    ...options,
    workerData: { name, settings, code: kernelCode() } satisfies WorkerData,
    // It may use what it needs, but not grow until the machine has nothing left.
    resourceLimits: { maxOldGenerationSizeMb: 512 },
  });
  let settle: { resolve(message: FromWorker): void; reject(error: unknown): void } | null = null;
  let taking: Promise<void> = Promise.resolve();
  let failure: unknown = null;

  function fail(error: unknown): void {
    failure ??= error;
    settle?.reject(error);
    settle = null;
  }

  worker.on("message", (message: FromWorker) => {
    if (message.kind === "batch") {
      taking = taking.then(async () => {
        // Of a thread that was stopped, nobody wants more.
        if (failure !== null) return;
        await take(message.batch);
        tell({ kind: "taken" });
      });
      taking.catch(fail);
    } else if (message.kind === "broken") fail(new Error(message.error));
    else {
      settle?.resolve(message);
      settle = null;
    }
  });
  worker.on("error", fail);
  worker.on("exit", (status) => fail(new Error(`a reading thread ended with ${status}`)));

  function tell(message: ToWorker): void {
    worker.postMessage(message);
  }

  async function ask(message: ToWorker): Promise<FromWorker> {
    if (failure !== null) throw failure;
    const answer = await new Promise<FromWorker>((resolve, reject) => {
      settle = { resolve, reject };
      tell(message);
    });
    // What was told before the answer was put in line before it.
    await taking;
    return answer;
  }

  return {
    async read(tasks) {
      const answer = await ask({ kind: "read", tasks });
      if (answer.kind !== "results") throw new Error(`a reading thread answered with ${answer.kind}`);
      return answer.results;
    },
    async finish() {
      await ask({ kind: "finish" });
    },
    async stop() {
      fail(new Error("a reading thread was stopped"));
      await worker.terminate();
      await taking.catch(() => {});
    },
  };
}

/** In a clone the thread runs from TypeScript, too, and has to load what makes that possible first. */
function workerProgram(): [program: string | URL, options: { readonly eval: boolean }] {
  if (!import.meta.url.endsWith(".ts")) return [new URL("./worker.js", import.meta.url), { eval: false }];
  // `import.meta.resolve` would do, but a test's runner has none.
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx/package.json"));
  const loader = new URL("./dist/esm/api/index.mjs", tsx).href;
  const program = new URL("./worker.ts", import.meta.url).href;
  const steps = `import(${JSON.stringify(loader)}).then(({ register }) => { register(); return import(${JSON.stringify(program)}); })`;
  return [steps, { eval: true }];
}
