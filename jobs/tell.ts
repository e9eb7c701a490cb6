import { UpstreamError, UserError } from "../src/errors.ts";
import type { JobRun } from "../src/queue/jobs.ts";
import { failureMessage } from "../src/slack/views/failure.ts";
import { refusalOf } from "../src/slack/web-api.ts";
import type { JobContext } from "./context.ts";

/** Slack's outages are seldom over sooner. */
const TELL_AGAIN_MS = 5_000;

/** Where something is told; in the channel itself where there is no thread. */
export interface Place {
  readonly channelId: string;
  /** The card under which it stands. */
  readonly messageTs: string | null;
}

/** Tells what could not be told at once. */
export async function tell({ payload }: JobRun<"tell">, context: JobContext): Promise<void> {
  try {
    await post(payload, payload.what, context);
  } catch (error) {
    throw asPassing(error);
  }
}

/**
 * Tells of a failure where people look for it. Where Slack does not take it, a job of its own goes on trying: told late,
 * or twice, is better than never.
 */
export async function tellFailed(place: Place, what: string, context: JobContext): Promise<void> {
  try {
    await post(place, what, context);
  } catch (error) {
    context.log.warn({ err: error, channelId: place.channelId }, "failure not told at once");
    const { channelId, messageTs } = place;
    await context.queue.enqueue("tell", { channelId, messageTs, what }, { delayMs: TELL_AGAIN_MS });
  }
}

async function post({ channelId, messageTs }: Place, what: string, { messenger }: JobContext): Promise<void> {
  const message = failureMessage({ what, errorId: null });
  try {
    await messenger.post({ channelId, threadTs: messageTs }, message);
  } catch (error) {
    // Somebody deleted the card, and the thread with it.
    if (refusalOf(error) !== "thread_not_found") throw error;
    await messenger.post({ channelId }, message);
  }
}

/** Whoever took the bot out of the channel may ask it in again. */
export function asPassing(error: unknown): unknown {
  if (!(error instanceof UserError) || error.code !== "slack-not-in-channel") return error;
  return new UpstreamError(error.code, error.message, { cause: error.cause, retryable: true });
}
