import type { Ports } from "../src/ports.ts";
import type { JobQueue } from "../src/queue/jobs.ts";

/** What a command or a button is given. */
export interface CommandContext extends Ports {
  readonly queue: JobQueue;
}
