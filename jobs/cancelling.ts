import type { Person } from "../src/domain/proposal.ts";
import type { JobContext } from "./context.ts";

/** So that reading stops within a second of the click, the look itself and the stop included. */
const LOOK_EVERY_MS = 750;

/**
 * Does work that somebody may cancel, in whatever process: the store says so, and is looked at before the work and as
 * long as it goes on. The work's signal is aborted then, and what it throws for that is no failure.
 *
 * @param cancellation.by who cancelled it, as the store has it; null where nobody did
 * @param work gives whether its answer stands: false where it comes too late to be shown
 * @returns who cancelled it; null where the work was done
 */
export async function unlessCancelled(
  cancellation: { readonly by: () => Promise<Person | null>; readonly signal: AbortSignal },
  work: (signal: AbortSignal) => Promise<boolean>,
  { log }: Pick<JobContext, "log">,
): Promise<Person | null> {
  let by = await cancellation.by();
  if (by !== null) return by;
  const cancelled = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;

  async function look(): Promise<void> {
    try {
      by = await cancellation.by();
    } catch (error) {
      // A store that is away for a moment is no reason to give up what is read.
      log.warn({ err: error }, "not known whether it was cancelled");
    }
    if (by === null) plan();
    else cancelled.abort(new Error("It was cancelled"));
  }

  function plan(): void {
    if (!isOver) timer = setTimeout(() => void look(), LOOK_EVERY_MS);
  }

  plan();
  try {
    if (await work(AbortSignal.any([cancellation.signal, cancelled.signal]))) return null;
  } catch (error) {
    if (!cancelled.signal.aborted) throw error;
  } finally {
    isOver = true;
    clearTimeout(timer);
  }
  return by ?? cancellation.by();
}
