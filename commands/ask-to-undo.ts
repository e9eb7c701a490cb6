import { UpstreamError } from "../src/errors.ts";
import type { UndoWish } from "../src/ports/remembered.ts";
import type { CommandContext } from "./context.ts";

/** Where the queue did not take it. */
export const UNDO_KEPT =
  "Taken, and kept. The queue did not answer, so it is undone as soon as it does, within a minute or two of that; no need to click again.";

/**
 * Keeps what somebody asks to undo, and queues it. What the queue does not take now, or forgets, the sweep gives to it
 * later.
 *
 * @returns whether it is queued already
 */
export async function askToUndo(
  { id, ...asked }: Omit<UndoWish, "atMs">,
  { store, queue, clock, log }: CommandContext,
): Promise<boolean> {
  await store.wishUndo({ id, ...asked, atMs: clock.now() });
  try {
    await queue.enqueue("undo", { ...asked, wishId: id }, { id });
    return true;
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    log.warn({ err: error, proposalId: asked.proposalId }, "undo not queued yet");
    return false;
  }
}
