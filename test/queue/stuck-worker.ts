/** A worker process that takes a job, says so, and never finishes it: made to be killed. */
import pino from "pino";
import type { JobHandlers } from "../../src/queue/jobs.ts";
import { startWorker } from "../../src/queue/runner.ts";

const [kind, url] = process.argv.slice(2);
const take = async () => {
  process.stdout.write("taken\n");
  await new Promise(() => setInterval(() => {}, 1_000));
};
const names = ["investigate", "breakdown", "apply", "check", "undo", "sweep", "watch", "postmortem"];

startWorker({
  ...(kind === "redis" ? { redisUrl: url } : { databaseUrl: url }),
  handlers: Object.fromEntries(names.map((name) => [name, take])) as unknown as JobHandlers,
  onFailed: async () => {},
  log: pino({ level: "silent" }),
  lockMs: 1_000,
});
