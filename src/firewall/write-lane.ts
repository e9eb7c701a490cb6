import { setTimeout as delay } from "node:timers/promises";

/** Lets one change at a time through, and keeps the writes within them apart. */
export interface WriteLane {
  /** Runs a change when every earlier one has ended; gives up waiting when the signal is aborted. */
  exclusively<Result>(change: () => Promise<Result>, signal?: AbortSignal): Promise<Result>;
  /** Waits until the next write is allowed, and counts it. True where it waited, so that what was read may be old. */
  writeTurn(signal?: AbortSignal): Promise<boolean>;
  pause(durationMs: number, signal?: AbortSignal): Promise<void>;
}

/** Reserves the next turn among all processes that write to the same account; gives how many ms are left until then. */
export type ReserveTurn = (everyMs: number) => Promise<number>;

/**
 * @param options.reserve where other processes write, too; without it turns are kept in this one
 * @param options.sleep resolves after so many ms, or rejects when the signal is aborted
 */
export function createWriteLane(options: {
  readonly writeEveryMs: number;
  readonly reserve?: ReserveTurn;
  readonly now?: () => number;
  readonly sleep?: (durationMs: number, signal?: AbortSignal) => Promise<void>;
}): WriteLane {
  const { writeEveryMs, now = Date.now, sleep = sleepFor } = options;
  const { reserve = turnsHere(now) } = options;
  let last: Promise<unknown> = Promise.resolve();

  return {
    exclusively(change, signal) {
      const turn = last.then(() => {
        signal?.throwIfAborted();
        return change();
      });
      // The next in line does not care how this one ended.
      last = turn.catch(() => undefined);
      return signal === undefined ? turn : Promise.race([turn, aborted(signal, turn)]);
    },

    async writeTurn(signal) {
      const waitMs = await reserve(writeEveryMs);
      if (waitMs > 0) await sleep(waitMs, signal);
      return waitMs > 0;
    },

    pause: sleep,
  };
}

function turnsHere(now: () => number): ReserveTurn {
  let nextMs = Number.NEGATIVE_INFINITY;
  return async (everyMs) => {
    const nowMs = now();
    // Further off than the one that waits: the clock was put back meanwhile.
    if (nextMs > nowMs + everyMs) nextMs = nowMs;
    const turnMs = Math.max(nextMs, nowMs);
    nextMs = turnMs + everyMs;
    return turnMs - nowMs;
  };
}

async function sleepFor(durationMs: number, signal?: AbortSignal): Promise<void> {
  await delay(durationMs, undefined, signal === undefined ? {} : { signal });
}

/** Rejects with the reason of the signal; drops its listener when `turn` ends. */
function aborted(signal: AbortSignal, turn: Promise<unknown>): Promise<never> {
  return new Promise((_, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) abort();
    signal.addEventListener("abort", abort, { once: true });
    const forget = () => signal.removeEventListener("abort", abort);
    turn.then(forget, forget);
  });
}
