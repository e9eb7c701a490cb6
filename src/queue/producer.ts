import { UpstreamError } from "../errors.ts";
import type { Log } from "../log.ts";
import { openProducer, type Producer, type QueueAddress } from "./backend.ts";
import { createErrorLog } from "./error-log.ts";
import { JOBS, type JobName, type JobQueue } from "./jobs.ts";

/** Slack gives a command 3 s in all. */
const ACCEPT_WITHIN_MS = 2_000;
const KEEP_COMPLETED = { count: 200 };
const KEEP_FAILED = { count: 1_000, age: 7 * 86_400 };

/** Opens the queue for adding jobs. Connects when first used, and again after an outage. */
export function createQueue({ log, ...address }: QueueAddress & { readonly log: Log }): JobQueue & {
  close(): Promise<void>;
} {
  const connection = keepConnected(address, log);

  return {
    async enqueue(name, payload, options = {}) {
      const data = JOBS[name].payload.parse(payload);
      await accept(connection.ready, (producer) =>
        producer.add(name, data, {
          ...jobOptions(name),
          ...(options.delayMs === undefined ? {} : { delay: options.delayMs }),
          // Not `jobId`: that one is taken for as long as the finished job is kept.
          ...(options.id === undefined ? {} : { deduplication: { id: `${name}:${options.id}` } }),
        }),
      );
    },

    async every(name, payload, everyMs) {
      const data = JOBS[name].payload.parse(payload);
      await accept(connection.ready, (producer) =>
        producer.upsertJobScheduler(name, { every: everyMs }, { name, data, opts: jobOptions(name) }),
      );
    },

    close: connection.close,
  };
}

function jobOptions(name: JobName) {
  return {
    attempts: JOBS[name].attempts,
    // How long to wait is settled by the worker, which knows the error.
    backoff: { type: "by-error" },
    removeOnComplete: KEEP_COMPLETED,
    removeOnFail: KEEP_FAILED,
  };
}

/**
 * Adds only once connected: what is handed to a connection that is not there yet would be
 * added when it is, after somebody was told that it was not.
 */
async function accept(ready: () => Promise<Producer>, add: (producer: Producer) => Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${ACCEPT_WITHIN_MS} ms`)), ACCEPT_WITHIN_MS);
  });
  try {
    const producer = await Promise.race([ready(), tooLate]);
    await Promise.race([add(producer), tooLate]);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new UpstreamError("queue-down", `The queue does not answer: ${why}`, { cause, retryable: true });
  } finally {
    clearTimeout(timer);
  }
}

/** On Postgres BullMQ remembers a failed first connection for ever, so that one is thrown away. */
function keepConnected(address: QueueAddress, log: Log): { ready(): Promise<Producer>; close(): Promise<void> } {
  const onError = createErrorLog(log);
  let current: { readonly producer: Producer; readonly ready: Promise<Producer> } | null = null;

  function open() {
    const producer = openProducer(address);
    producer.on("error", onError);
    const ready = producer.waitUntilReady().then(
      () => producer,
      (error: unknown) => {
        if (current?.producer === producer) current = null;
        producer.close().catch(() => {});
        throw error;
      },
    );
    // Whoever gave up waiting for it does not hear of it any more.
    ready.catch(() => {});
    return { producer, ready };
  }

  return {
    ready() {
      current ??= open();
      return current.ready;
    },
    async close() {
      await current?.producer.close();
    },
  };
}
