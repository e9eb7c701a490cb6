/** Calls Slack's Web API: waits where Slack says so, within bounds, and turns failures into our own errors. */
import {
  type WebAPICallResult,
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
  WebClient,
} from "@slack/web-api";
import { UpstreamError, UserError } from "../errors.ts";
import type { Log } from "../log.ts";
import { boltLog } from "./bolt-log.ts";

/** Longer waits are the queue's or the asker's business. */
const LONGEST_WAIT_SECS = 5;
const MAX_ATTEMPTS = 3;
/** A call that takes longer is dead: a slow proxy, a lost connection. */
const CALL_TIMEOUT_MS = 10_000;

export interface WebApiOptions {
  readonly token: string;
  readonly apiUrl: string;
  readonly log: Log;
  /** Resolves after so many seconds; given by tests. */
  readonly wait?: (secs: number) => Promise<void>;
}

export interface WebApi {
  /**
   * @throws {UpstreamError} `slack-rate-limited`, `slack-down` or `slack-refused`
   * @throws {UserError} `slack-not-in-channel`
   */
  call<Result = WebAPICallResult>(method: string, args: Record<string, unknown>): Promise<Result>;
}

export function createWebApi({ token, apiUrl, log, wait = waitSecs }: WebApiOptions): WebApi {
  const client = new WebClient(token, {
    slackApiUrl: apiUrl,
    logger: boltLog(log),
    timeout: CALL_TIMEOUT_MS,
    rejectRateLimitedCalls: true,
    retryConfig: { retries: 0 },
  });

  async function call<Result>(method: string, args: Record<string, unknown>): Promise<Result> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return (await client.apiCall(method, args)) as Result;
      } catch (error) {
        const delaySecs = attempt < MAX_ATTEMPTS ? worthWaiting(error, method) : null;
        if (delaySecs === null) throw translate(error, method);
        log.debug({ method, delaySecs, attempt }, "slack asked to wait");
        await wait(delaySecs);
      }
    }
  }
  return { call };
}

/** How long to wait before a call is worth repeating; null where it is not. */
function worthWaiting(error: unknown, method: string): number | null {
  if (error instanceof WebAPIRateLimitedError) return error.retryAfter <= LONGEST_WAIT_SECS ? error.retryAfter : null;
  // A post whose answer was lost may have been made; saying something twice is worse than an error.
  const isRepeatable = !/^chat\.post|^files\.complete|^views\.open/.test(method);
  if (!isRepeatable) return null;
  if (error instanceof WebAPIRequestError) return 0.5;
  return error instanceof WebAPIHTTPError && error.statusCode >= 500 ? 0.5 : null;
}

/** What a channel says when we are not in it. */
const NOT_IN_CHANNEL = new Set(["not_in_channel", "channel_not_found", "user_not_in_channel"]);

/**
 * Slack's own trouble, told in a proper answer.
 *
 * @source https://docs.slack.dev/reference/methods/chat.postMessage#errors
 */
const PASSING = new Set(["fatal_error", "internal_error", "request_timeout", "service_unavailable"]);

function translate(cause: unknown, method: string): Error {
  if (cause instanceof WebAPIRateLimitedError) {
    return new UpstreamError("slack-rate-limited", `Slack asks to wait ${cause.retryAfter} s before ${method}.`, {
      cause,
      retryable: true,
      retryAfterSecs: cause.retryAfter,
    });
  }
  if (cause instanceof WebAPIPlatformError) {
    const reason = cause.data.error;
    if (PASSING.has(reason)) {
      return new UpstreamError("slack-down", `Slack could not do ${method}: ${reason}.`, { cause, retryable: true });
    }
    if (NOT_IN_CHANNEL.has(reason)) {
      return new UserError(
        "slack-not-in-channel",
        "Spillway is not in this channel, so it can say nothing here. Invite it with `/invite @Spillway` and ask again.",
        { cause },
      );
    }
    return new UpstreamError("slack-refused", `Slack refused ${method}: ${reason}.`, { cause, retryable: false });
  }
  return new UpstreamError("slack-down", `Slack did not answer ${method}.`, { cause, retryable: true });
}

/** The word with which Slack refused a call; null for any other failure. */
export function refusalOf(error: unknown): string | null {
  const cause = error instanceof Error ? error.cause : null;
  return cause instanceof WebAPIPlatformError ? cause.data.error : null;
}

function waitSecs(secs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, secs * 1_000));
}
