import { setMaxListeners } from "node:events";
import { UpstreamError } from "../errors.ts";

/** How long a handler may take to notice that it is to stop, before it is left to itself. */
const NOTICE_WITHIN_MS = 5_000;

/**
 * Runs one attempt at a job: its signal is aborted at the timeout and when any of
 * `stopSignals` is. A handler that heeds no signal is given up, so that it cannot
 * hold a place in the queue for ever.
 *
 * @throws {UpstreamError} `job-timeout`, retryable
 */
export async function runAttempt(
  work: (signal: AbortSignal) => Promise<void>,
  limits: {
    readonly timeoutMs: number;
    readonly stopSignals: readonly AbortSignal[];
    readonly noticeWithinMs?: number;
  },
): Promise<void> {
  const timeout = AbortSignal.timeout(limits.timeoutMs);
  const signal = AbortSignal.any([timeout, ...limits.stopSignals]);
  // A job that does a hundred things at once waits for it at a hundred places.
  setMaxListeners(0, signal);
  const deaf = givenUp(signal, limits.noticeWithinMs ?? NOTICE_WITHIN_MS);
  try {
    await Promise.race([work(signal), deaf.promise]);
  } catch (cause) {
    if (!timeout.aborted) throw cause;
    const message = `The job was stopped: it took longer than ${limits.timeoutMs / 1_000} s`;
    throw new UpstreamError("job-timeout", message, { cause, retryable: true });
  } finally {
    deaf.forget();
  }
}

/** Rejects some time after the signal is aborted. */
function givenUp(signal: AbortSignal, afterMs: number): { readonly promise: Promise<never>; forget(): void } {
  let timer: NodeJS.Timeout | undefined;
  let onAbort = () => {};
  const promise = new Promise<never>((_resolve, reject) => {
    onAbort = () => {
      timer = setTimeout(() => reject(signal.reason), afterMs);
    };
  });
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  return {
    promise,
    forget() {
      signal.removeEventListener("abort", onAbort);
      clearTimeout(timer);
    },
  };
}
