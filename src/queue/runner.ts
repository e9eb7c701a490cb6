import { setTimeout as sleep } from "node:timers/promises";
import { type Job, WaitingError } from "bullmq";
import { UserError } from "../errors.ts";
import { runAttempt } from "./attempt.ts";
import { type ConsumerSettings, connectConsumer } from "./consumer.ts";
import { JOBS, type JobHandlers, type JobName, type JobPayload, type JobRun } from "./jobs.ts";
import { asJobError, originalError } from "./retry.ts";

/** A job that was given up, with what its last attempt threw. */
export type FailedJob = {
  readonly [Name in JobName]: { readonly name: Name; readonly payload: JobPayload<Name>; readonly error: unknown };
}[JobName];

export interface WorkerSettings extends ConsumerSettings {
  readonly handlers: JobHandlers;
  /** Told once of each job that is given up, so that people are. */
  readonly onFailed: (failed: FailedJob) => Promise<void>;
}

export interface RunningWorker {
  /** Resolves when it is connected and takes jobs. */
  ready(): Promise<void>;
  /**
   * Takes no more jobs and waits for those under way; after `graceMs` aborts them and puts
   * them back, to be run elsewhere as if they had not begun.
   */
  close(options?: { readonly graceMs?: number }): Promise<void>;
}

const CLOSE_GRACE_MS = 10_000;
/** After the abort, for handlers to notice and for the queue to be told. */
const CLOSE_LAST_MS = 3_000;

/** Starts carrying jobs out. Waits for the queue's server as long as that takes. */
export function startWorker(settings: WorkerSettings): RunningWorker {
  const stopping = new AbortController();
  const running = new Set<Promise<unknown>>();
  const track = <Result>(work: Promise<Result>): Promise<Result> => {
    running.add(work);
    return work.finally(() => running.delete(work));
  };
  const connection = connectConsumer(settings, {
    carryOut: (job, token, signal) => track(carryOut(job, token, [signal, stopping.signal])),
    onGivenUp: (job, error) => void track(tell(job, error)),
  });

  async function carryOut(job: Job, token: string, stopSignals: readonly AbortSignal[]): Promise<void> {
    const name = job.name as JobName;
    const startedMs = performance.now();
    try {
      const run = (signal: AbortSignal) => attempt(settings.handlers, job, signal);
      await runAttempt(run, { timeoutMs: JOBS[name].timeoutMs, stopSignals });
      settings.log.debug({ job: name, jobId: job.id, tookMs: Math.round(performance.now() - startedMs) }, "job done");
    } catch (error) {
      if (stopping.signal.aborted) {
        await job.moveToWait(token);
        throw new WaitingError();
      }
      const level = error instanceof UserError ? "info" : "warn";
      settings.log[level](
        { job: name, jobId: job.id, attempt: job.attemptsMade + 1, err: error },
        "job attempt failed",
      );
      throw asJobError(error);
    }
  }

  async function tell(job: Job, error: Error): Promise<void> {
    try {
      const payload = JOBS[job.name as JobName].payload.parse(job.data);
      await settings.onFailed({ name: job.name, payload, error: originalError(error) } as FailedJob);
    } catch (failure) {
      settings.log.error({ job: job.name, jobId: job.id, err: failure }, "nobody could be told of a failed job");
    }
  }

  return {
    ready: connection.ready,

    async close({ graceMs = CLOSE_GRACE_MS } = {}) {
      await connection.takeNoMore();
      await settled(running, graceMs);
      stopping.abort(new Error("The worker is stopping"));
      await settled(running, CLOSE_LAST_MS);
      await connection.close({ force: running.size > 0 });
      // What failed last is told when the queue knows of it, so the telling may have begun just now.
      await settled(running, CLOSE_LAST_MS);
    },
  };
}

async function attempt(handlers: JobHandlers, job: Job, signal: AbortSignal): Promise<void> {
  const name = job.name as JobName;
  const handler = handlers[name] as (run: JobRun<JobName>) => Promise<void>;
  const number = job.attemptsMade + 1;
  const payload = JOBS[name].payload.parse(job.data);
  await handler({ payload, attempt: number, isLastAttempt: number >= (job.opts.attempts ?? 1), signal });
}

/** Resolves when all have settled, or the time is up. */
async function settled(running: ReadonlySet<Promise<unknown>>, withinMs: number): Promise<void> {
  const giveUp = new AbortController();
  await Promise.race([
    Promise.allSettled(running),
    sleep(withinMs, undefined, { signal: giveUp.signal }).catch(() => {}),
  ]);
  giveUp.abort();
}
