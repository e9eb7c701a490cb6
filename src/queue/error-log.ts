import type { Log } from "../log.ts";

const SAY_AGAIN_AFTER_MS = 10_000;

/**
 * Gives a listener for a connection's errors. While a server is away BullMQ repeats
 * the same one many times a second; it is written once in a while. Written as text:
 * Postgres' errors carry their whole connection with them.
 */
export function createErrorLog(log: Log): (error: Error) => void {
  const lastSaidMs = new Map<string, number>();
  return (error) => {
    const nowMs = performance.now();
    const key = error.message;
    if (nowMs - (lastSaidMs.get(key) ?? Number.NEGATIVE_INFINITY) < SAY_AGAIN_AFTER_MS) return;
    lastSaidMs.set(key, nowMs);
    log.warn({ reason: error.message, stack: error.stack }, "trouble with the queue's connection");
  };
}
