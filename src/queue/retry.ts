import { UnrecoverableError } from "bullmq";
import { UpstreamError, UserError } from "../errors.ts";
import { JOBS, type JobName } from "./jobs.ts";

/** Gives what to throw at BullMQ, which retries everything but its own `UnrecoverableError`. */
export function asJobError(error: unknown): Error {
  const isHopeless = error instanceof UserError || (error instanceof UpstreamError && !error.retryable);
  if (!isHopeless) return error instanceof Error ? error : new Error(String(error));
  return Object.assign(new UnrecoverableError(error.message), { cause: error });
}

/** BullMQ's words for a job whose workers died, or lost it, more often than is allowed. */
const WORKERS_DIED = /stalled more than allowable limit/;

/** Gives what the handler threw, from what was thrown at BullMQ, or that it came to no end. */
export function originalError(error: Error): unknown {
  if (WORKERS_DIED.test(error.message)) {
    const message = "The process that was at it died, each time it was begun";
    return new UpstreamError("worker-died", message, { cause: error, retryable: true });
  }
  return error instanceof UnrecoverableError && error.cause !== undefined ? error.cause : error;
}

/** Gives how long to wait before the next attempt: as long as the upstream asked, or twice as long each time. */
export function retryDelayMs(name: JobName, attemptsMade: number, error: unknown): number {
  if (error instanceof UpstreamError && error.retryAfterSecs !== null) return error.retryAfterSecs * 1_000;
  return JOBS[name].backoffMs * 2 ** (attemptsMade - 1);
}
