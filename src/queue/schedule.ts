import type { Log } from "../log.ts";
import type { JobQueue } from "./jobs.ts";

/** How often ends of blocks, of capacity changes and of offers are looked for. */
const SWEEP_EVERY_MS = 5_000;
/** How often firewalls are held against the blocks that should be in them. */
const RECONCILE_EVERY_MS = 60_000;
/** How often metrics are looked at; CloudWatch has them by five minutes for as long as is read. */
const WATCH_EVERY_MS = 5 * 60_000;
/** A queue that was emptied forgets what it was to run again and again. */
const RENEW_EVERY_MS = 30_000;

/**
 * Has the queue run what must run again and again, and tells it so anew every half minute: a block that has no other way
 * to end must not depend on what a queue remembers. To tell it again does not put off the next run.
 *
 * @param options.isWatched whether the metrics of any service are looked at unasked
 * @throws {UpstreamError} `queue-down`, only at the beginning
 */
export async function keepScheduled(
  queue: Pick<JobQueue, "every">,
  log: Log,
  { isWatched, renewEveryMs = RENEW_EVERY_MS }: { readonly isWatched: boolean; readonly renewEveryMs?: number },
): Promise<{ stop(): void }> {
  await schedule(queue, isWatched);
  const timer = setInterval(() => {
    schedule(queue, isWatched).catch((error: unknown) => log.warn({ err: error }, "schedule not renewed"));
  }, renewEveryMs);
  return { stop: () => clearInterval(timer) };
}

async function schedule(queue: Pick<JobQueue, "every">, isWatched: boolean): Promise<void> {
  await queue.every("sweep", {}, SWEEP_EVERY_MS);
  await queue.every("reconcile", {}, RECONCILE_EVERY_MS);
  if (isWatched) await queue.every("watch", {}, WATCH_EVERY_MS);
}
