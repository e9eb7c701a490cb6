import { setTimeout as sleep } from "node:timers/promises";
import type { Job } from "bullmq";
import type { Log } from "../log.ts";
import { type Consumer, openConsumer, type QueueAddress } from "./backend.ts";
import { createErrorLog } from "./error-log.ts";
import type { JobName } from "./jobs.ts";
import { retryDelayMs } from "./retry.ts";

export interface ConsumerSettings extends QueueAddress {
  readonly log: Log;
  /** Jobs at a time; 4 unless told. */
  readonly concurrency?: number;
  /**
   * How long a job stays with a worker that gives no sign of life; it runs elsewhere one to two
   * times this later. A healthy worker gives one at half of it.
   */
  readonly lockMs?: number;
  /** Before the next attempt, in place of the catalogue's; given by tests. */
  readonly retryDelayMs?: typeof retryDelayMs;
}

export interface ConsumerHooks {
  readonly carryOut: (job: Job, token: string, signal: AbortSignal) => Promise<void>;
  /** After the last attempt at a job, not after each. */
  readonly onGivenUp: (job: Job, error: Error) => void;
}

/** The worker's side of the queue, connected or still trying. */
export interface ConsumerConnection {
  /** Resolves when connected; never where that never happens. */
  ready(): Promise<void>;
  takeNoMore(): Promise<void>;
  /** With `force`, without waiting for jobs under way. */
  close(options: { readonly force: boolean }): Promise<void>;
}

const LOCK_MS = 8_000;
/** A job that keeps killing its worker is given up after so many. */
const DEATHS_ALLOWED = 2;
const RETRY_MS = 1_000;

/**
 * Connects to the queue, for as long as that takes. On Postgres BullMQ remembers a failed
 * first connection for ever, so a new consumer is made for each try.
 */
export function connectConsumer(settings: ConsumerSettings, hooks: ConsumerHooks): ConsumerConnection {
  const closing = new AbortController();
  const onError = createErrorLog(settings.log);
  let consumer = open(settings, hooks, onError);
  let isReady = false;

  async function untilReady(): Promise<void> {
    while (!closing.signal.aborted) {
      try {
        await consumer.waitUntilReady();
        isReady = true;
        return;
      } catch (error) {
        onError(error as Error);
        await consumer.close(true).catch(onError);
        await sleep(RETRY_MS, undefined, { signal: closing.signal }).catch(() => {});
        if (!closing.signal.aborted) consumer = open(settings, hooks, onError);
      }
    }
  }
  const ready = untilReady();

  return {
    ready: () => ready,
    async takeNoMore() {
      closing.abort();
      if (isReady) await consumer.pause(true);
    },
    async close({ force }) {
      closing.abort();
      await consumer.close(force || !isReady).catch(onError);
    },
  };
}

function open(settings: ConsumerSettings, hooks: ConsumerHooks, onError: (error: Error) => void): Consumer {
  const lockMs = settings.lockMs ?? LOCK_MS;
  const delayMs = settings.retryDelayMs ?? retryDelayMs;
  const consumer = openConsumer(
    settings,
    // BullMQ gives a signal only to a function that declares three parameters.
    (job, token, signal) => hooks.carryOut(job, token as string, signal as AbortSignal),
    {
      concurrency: settings.concurrency ?? 4,
      lockDuration: lockMs,
      stalledInterval: lockMs / 2,
      maxStalledCount: DEATHS_ALLOWED,
      runRetryDelay: RETRY_MS,
      settings: {
        backoffStrategy: (attemptsMade, _type, error, job) => delayMs(job?.name as JobName, attemptsMade, error),
      },
    },
  );
  consumer.on("error", onError);
  // Somebody else may have the job by now: what we still do to the world, they do too.
  consumer.on("lockRenewalFailed", (ids) => {
    for (const id of ids) consumer.cancelJob(id, "lock lost");
  });
  consumer.on("failed", (job, error) => {
    if (job?.finishedOn !== undefined) hooks.onGivenUp(job, error);
  });
  return consumer;
}
