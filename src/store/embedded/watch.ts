import type { Log } from "../../log.ts";

const LOOK_EVERY_MS = 1_000;
/** The journal's replay, a port or a disk may need a while; several processes try in turn. */
const RETRY_MS = 2_000;

export interface Watch {
  /** No repair begins after this; one under way may still end. */
  end(): void;
}

/**
 * Looks every second whether the database is well, and repairs it where it is not, again and
 * again until it is. Keeps no process alive. The same trouble is logged once.
 */
export function watch(subject: { isWell(): boolean; repair(): Promise<void> }, log: Log): Watch {
  let hasEnded = false;
  let timer: NodeJS.Timeout | undefined;
  let trouble: string | null = null;

  function lookIn(delayMs: number): void {
    if (!hasEnded) timer = setTimeout(() => void look(), delayMs).unref();
  }

  async function look(): Promise<void> {
    try {
      if (!subject.isWell()) await subject.repair();
      trouble = null;
      lookIn(LOOK_EVERY_MS);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (message !== trouble) log.error({ err: error }, "the embedded database is gone and does not come back yet");
      trouble = message;
      lookIn(RETRY_MS);
    }
  }

  lookIn(LOOK_EVERY_MS);
  return {
    end() {
      hasEnded = true;
      clearTimeout(timer);
    },
  };
}
