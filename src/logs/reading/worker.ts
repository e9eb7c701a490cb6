/** A thread that reads the files that it is told to, one after another. */
import { parentPort, workerData } from "node:worker_threads";
import { takeKernelCode } from "../kernel/kernel.ts";
import { transferable } from "./batch.ts";
import { readLogFiles } from "./file-reader.ts";
import { createReadingContext } from "./reading-context.ts";
import type { FromWorker, ToWorker, WorkerData } from "./worker-messages.ts";

/** Batches that may wait to be taken before reading waits as well, and bytes of them. */
const MAX_WAITING = 8;
const MAX_WAITING_BYTES = 32 * 1024 ** 2;

const { name, settings, code } = workerData as WorkerData;
takeKernelCode(code);
/** How large each of those is that wait, the oldest first. */
const waiting: number[] = [];
let waitingBytes = 0;
let goOn: (() => void) | null = null;

const context = createReadingContext(settings, {
  name,
  emit(batch) {
    const parts = transferable(batch);
    const bytes = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
    waiting.push(bytes);
    waitingBytes += bytes;
    parentPort?.postMessage({ kind: "batch", batch } satisfies FromWorker, parts);
  },
  ready() {
    if (mayGoOn()) return null;
    return new Promise((resolve) => {
      goOn = resolve;
    });
  },
  // It is stopped by being ended.
  signal: new AbortController().signal,
});

parentPort?.on("message", (message: ToWorker) => {
  handle(message).catch((error: unknown) => {
    tell({ kind: "broken", error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  });
});

function mayGoOn(): boolean {
  return waiting.length < MAX_WAITING && waitingBytes < MAX_WAITING_BYTES;
}

async function handle(message: ToWorker): Promise<void> {
  switch (message.kind) {
    case "taken":
      waitingBytes -= waiting.shift() ?? 0;
      if (mayGoOn()) {
        goOn?.();
        goOn = null;
      }
      break;
    case "read":
      tell({ kind: "results", results: await readLogFiles(message.tasks, context.reading) });
      break;
    case "finish":
      context.flush();
      tell({ kind: "finished" });
      break;
  }
}

function tell(message: FromWorker): void {
  parentPort?.postMessage(message);
}
