import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "./log.ts";

/** Something that was opened and has to be closed. */
export interface Part {
  readonly name: string;
  close(): Promise<void>;
}

/** Longer than a worker takes, which waits for its jobs. */
const CLOSE_WITHIN_MS = 20_000;

/** Last opened, first closed; what fails to close, or does not come to an end of it, does not keep the rest open. */
export async function closeAll(opened: Part[], log: Log, withinMs = CLOSE_WITHIN_MS): Promise<void> {
  for (let part = opened.pop(); part !== undefined; part = opened.pop()) {
    const { name } = part;
    const giveUp = new AbortController();
    const late = sleep(withinMs, undefined, { signal: giveUp.signal }).then(
      () => log.warn({ part: name }, "part did not close in time"),
      () => {},
    );
    try {
      await Promise.race([part.close(), late]);
    } catch (error) {
      log.warn({ err: error, part: name }, "part did not close cleanly");
    } finally {
      giveUp.abort();
    }
  }
}
