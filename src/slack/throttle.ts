import type { Message } from "../ports/messenger.ts";
import type { Clock } from "../ports.ts";

/** Slack allows about one post or edit a second in a channel; some air is left for others. */
const MIN_GAP_MS = 1_200;

export interface ThrottledUpdates {
  /** Shows the message as soon as the pace allows; a newer one takes the place of one that waits. */
  offer(message: Message): void;
  /** Resolves once what was offered is sent, or will not be. */
  sent(): Promise<void>;
  /** Drops what waits and resolves when nothing is under way any more: what is sent after it stays. */
  stop(): Promise<void>;
}

/**
 * Coalesces progress updates of one message to at most one in 1.2 s. The last one offered is always sent, unless
 * `stop` comes first. A failed update is dropped: progress is worth no failure.
 */
export function throttleUpdates(send: (message: Message) => Promise<void>, clock: Clock): ThrottledUpdates {
  let waiting: Message | null = null;
  let lastSentMs = Number.NEGATIVE_INFINITY;
  let timer: NodeJS.Timeout | null = null;
  let underWay: Promise<void> = Promise.resolve();
  let isSending = false;
  let isStopped = false;
  let listeners: (() => void)[] = [];

  function plan(): void {
    if (!isSending && waiting === null) tellSent();
    if (isStopped || isSending || timer !== null || waiting === null) return;
    const delayMs = Math.max(0, lastSentMs + MIN_GAP_MS - clock.now());
    if (delayMs === 0) sendWaiting();
    else timer = setTimeout(onTimer, delayMs);
  }

  function tellSent(): void {
    const told = listeners;
    listeners = [];
    for (const tell of told) tell();
  }

  function onTimer(): void {
    timer = null;
    sendWaiting();
  }

  function sendWaiting(): void {
    if (waiting === null || isStopped) return;
    const message = waiting;
    waiting = null;
    lastSentMs = clock.now();
    isSending = true;
    underWay = send(message)
      .catch(() => {})
      .finally(() => {
        isSending = false;
        plan();
      });
  }

  return {
    offer: (message) => {
      waiting = message;
      plan();
    },
    sent: () =>
      new Promise((resolve) => {
        listeners.push(resolve);
        plan();
      }),
    stop: async () => {
      isStopped = true;
      waiting = null;
      if (!isSending) tellSent();
      if (timer !== null) clearTimeout(timer);
      timer = null;
      await underWay;
    },
  };
}
