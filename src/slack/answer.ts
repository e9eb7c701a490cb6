import { UpstreamError, UserError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { Message } from "../ports/messenger.ts";
import { createOnce } from "./once.ts";
import { failureMessage, noticeMessage } from "./views/failure.ts";

/** Something that Slack delivered and that somebody waits for. */
export interface Delivery {
  /** The same for a repeated delivery. */
  readonly key: string;
  /** For the log: "/spike", "button approve". */
  readonly what: string;
  /** Answers the person who asked, and nobody else. */
  tell(message: Message): Promise<void>;
}

export interface AnswererOptions {
  readonly log: Log;
  readonly newErrorId: () => string;
  /** Slack's users take a command for dead after 3 s. */
  readonly patienceMs?: number;
  readonly giveUpMs?: number;
}

const PATIENCE_MS = 2_500;
const GIVE_UP_MS = 30_000;

/**
 * Runs handlers so that nobody is left without an answer: each delivery once, errors told in words, and a word within
 * 3 s where something hangs.
 */
export function createAnswerer({ log, newErrorId, patienceMs, giveUpMs }: AnswererOptions) {
  const isFirst = createOnce();

  async function tell(delivery: Delivery, message: Message): Promise<void> {
    try {
      await delivery.tell(message);
    } catch (error) {
      log.warn({ err: error, what: delivery.what }, "answer not delivered");
    }
  }

  return async function answer(delivery: Delivery, run: () => Promise<void>): Promise<void> {
    if (!isFirst(delivery.key)) {
      log.debug({ what: delivery.what }, "repeated delivery dropped");
      return;
    }
    const outcome = run().then(
      () => null,
      (error: unknown) => failureOf(error, delivery.what, log, newErrorId),
    );
    const early = await within(outcome, patienceMs ?? PATIENCE_MS);
    if (early !== "late") {
      if (early !== null) await tell(delivery, early);
      return;
    }
    log.warn({ what: delivery.what }, "handler is slow");
    await tell(delivery, STILL_WAITING);
    const late = await within(outcome, giveUpMs ?? GIVE_UP_MS);
    if (late === "late") log.error({ what: delivery.what }, "handler gave no answer");
    if (late !== null) await tell(delivery, late === "late" ? NO_ANSWER : late);
  };
}

const STILL_WAITING = noticeMessage(
  ":hourglass: The database, the queue or a service behind it is slow to answer. I am still waiting and will say here if it fails; no need to repeat it.",
);
const NO_ANSWER = failureMessage({
  what: "There was no answer in time. Look at what is there (`/blocks`, `/incident timeline`) before you ask again.",
  errorId: null,
});

async function within<Value>(promise: Promise<Value>, limitMs: number): Promise<Value | "late"> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(resolve, limitMs, "late").unref();
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Turns what went wrong into what the person is told. The only place of the bot where errors end. */
export function failureOf(error: unknown, what: string, log: Log, newErrorId: () => string): Message {
  if (error instanceof UserError) {
    log.info({ what, code: error.code }, "asked for what cannot be done");
    return noticeMessage(error.message);
  }
  if (error instanceof UpstreamError) {
    log.warn({ err: error, what }, "service behind did not answer");
    const again = error.retryAfterSecs === null ? "in a minute" : `in ${Math.ceil(error.retryAfterSecs)} s`;
    const outcome = mayBeDone(error)
      ? "did not answer, so it is not sure whether this was taken. Look at the card, or at what is there (`/blocks`), before you try again"
      : "did not answer; nothing was changed. Try again";
    return failureMessage({ what: `${upstreamName(error.code)} ${outcome} ${again}.`, errorId: null });
  }
  const errorId = newErrorId();
  log.error({ err: error, what, errorId }, "handler failed");
  return failureMessage({ what: "Something went wrong in Spillway itself.", errorId });
}

/** What was sent to the database may have been written although its answer was lost; what never reached it, was not. */
function mayBeDone({ code, cause }: UpstreamError): boolean {
  if (code !== "store-down" || !(cause instanceof Error)) return false;
  const failures: readonly unknown[] = cause instanceof AggregateError ? cause.errors : [cause];
  return !failures.every((failure) => (failure as NodeJS.ErrnoException).syscall === "connect");
}

const UPSTREAM_NAMES: Readonly<Record<string, string>> = {
  store: "The database",
  queue: "The queue",
  slack: "Slack",
  logs: "The place where the logs are",
  metrics: "CloudWatch",
  firewall: "The firewall",
  waf: "The firewall",
  scaling: "The scaling group",
  aws: "AWS",
};

/** The part of a code before its first hyphen says which service failed. */
function upstreamName(code: string): string {
  return UPSTREAM_NAMES[code.split("-")[0] ?? ""] ?? "A service behind Spillway";
}
