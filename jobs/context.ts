import type { Ports } from "../src/ports.ts";
import type { JobQueue } from "../src/queue/jobs.ts";

/** What a job is given. */
export interface JobContext extends Ports {
  readonly queue: JobQueue;
}
