import type { Log } from "../log.ts";
import type { JobQueue } from "./jobs.ts";

/** How often ends of blocks, of capacity changes and of offers are looked for. */
const SWEEP_EVERY_MS = 5_000;
/** How often firewalls are held against the blocks that should be in them. */
const RECONCILE_EVERY_MS = 60_000;
/** A queue that was emptied forgets what it was to run again and again. */
const RENEW_EVERY_MS = 30_000;

/**
 * Has the queue run what must run again and again, and tells it so anew every half minute: a block that has no other way
 * to end must not depend on what a queue remembers. To tell it again does not put off the next run.
 *
 * @throws {UpstreamError} `queue-down`, only at the beginning
 */
export async function keepScheduled(
  queue: Pick<JobQueue, "every">,
  log: Log,
  renewEveryMs: number = RENEW_EVERY_MS,
): Promise<{ stop(): void }> {
  await schedule(queue);
  const timer = setInterval(() => {
    schedule(queue).catch((error: unknown) => log.warn({ err: error }, "schedule not renewed"));
  }, renewEveryMs);
  return { stop: () => clearInterval(timer) };
}

async function schedule(queue: Pick<JobQueue, "every">): Promise<void> {
  await queue.every("sweep", {}, SWEEP_EVERY_MS);
  await queue.every("reconcile", {}, RECONCILE_EVERY_MS);
}
