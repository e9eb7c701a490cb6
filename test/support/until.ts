import { setTimeout as delay } from "node:timers/promises";
import { UpstreamError } from "../../src/errors.ts";

const LOOK_EVERY_MS = 400;

/** Looks again and again until it is so; false where it was not within the time. A look that gets no answer is none. */
export async function until(withinMs: number, isSo: () => Promise<boolean>): Promise<boolean> {
  const giveUpMs = Date.now() + withinMs;
  for (;;) {
    if (await isSo().catch(unanswered)) return true;
    if (Date.now() >= giveUpMs) return false;
    await delay(LOOK_EVERY_MS);
  }
}

function unanswered(error: unknown): false {
  if (error instanceof UpstreamError) return false;
  throw error;
}
