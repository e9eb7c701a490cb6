import { JOBS, type JobHandlers, type JobName, type JobPayload, type JobQueue } from "../../src/queue/jobs.ts";

type Waiting = {
  readonly [Name in JobName]: {
    readonly name: Name;
    readonly payload: JobPayload<Name>;
    readonly id: string | null;
    readonly delayMs: number;
  };
}[JobName];

/** The port, and what a test may do beside it. */
export interface FakeQueue extends JobQueue {
  /** What is waiting, in the order it was added; delayed jobs too. */
  waiting(): readonly Waiting[];
  /** What `every` was told, by name. */
  schedules(): Readonly<Partial<Record<JobName, { readonly payload: unknown; readonly everyMs: number }>>>;
  /**
   * Runs what is waiting, and what that adds, one after the other, until nothing is left; of delayed
   * jobs only those due within `delayMs`. A job that throws is not tried again: its error is thrown.
   */
  drain(handlers: Partial<JobHandlers>, options?: { readonly delayMs?: number }): Promise<void>;
  /** Makes every call fail, as if the queue were away; null brings it back. */
  failWith(error: Error | null): void;
}

/** A queue in memory that holds jobs until it is told to run them. */
export function createFakeQueue(): FakeQueue {
  let waiting: Waiting[] = [];
  /** Being carried out just now. */
  let running: Waiting | null = null;
  let failure: Error | null = null;
  const schedules: Partial<Record<JobName, { payload: unknown; everyMs: number }>> = {};

  return {
    async enqueue(name, payload, options = {}) {
      if (failure !== null) throw failure;
      const id = options.id ?? null;
      const isKnown = [...waiting, running].some((job) => id !== null && job?.name === name && job.id === id);
      if (isKnown) return;
      const job = { name, payload: JOBS[name].payload.parse(payload), id, delayMs: options.delayMs ?? 0 };
      waiting.push(job as Waiting);
    },

    async every(name, payload, everyMs) {
      if (failure !== null) throw failure;
      schedules[name] = { payload: JOBS[name].payload.parse(payload), everyMs };
    },

    waiting: () => [...waiting],
    schedules: () => ({ ...schedules }),

    async drain(handlers, { delayMs = 0 } = {}) {
      for (;;) {
        const next = waiting.find((job) => job.delayMs <= delayMs);
        if (next === undefined) return;
        waiting = waiting.filter((job) => job !== next);
        running = next;
        try {
          await carryOut(next, handlers);
        } finally {
          running = null;
        }
      }
    },

    failWith(error) {
      failure = error;
    },
  };
}

async function carryOut(job: Waiting, handlers: Partial<JobHandlers>): Promise<void> {
  const handler = handlers[job.name] as ((run: object) => Promise<void>) | undefined;
  if (handler === undefined) throw new Error(`No handler was given for ${job.name}`);
  await handler({ payload: job.payload, attempt: 1, isLastAttempt: true, signal: new AbortController().signal });
}
