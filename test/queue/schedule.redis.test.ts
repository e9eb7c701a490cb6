import { expect, it, jest } from "@jest/globals";
import { Redis } from "ioredis";
import { sweep } from "../../jobs/sweep.ts";
import { createLog } from "../../src/log.ts";
import type { JobHandlers } from "../../src/queue/jobs.ts";
import { createQueue } from "../../src/queue/producer.ts";
import { startWorker } from "../../src/queue/runner.ts";
import { keepScheduled } from "../../src/queue/schedule.ts";
import { describeWith } from "../support/describe-with.ts";
import { applied, jobContext } from "../support/job-context.ts";
import { startTestRedis } from "../support/redis.ts";
import { collect } from "./collect.ts";

jest.setTimeout(60_000);

describeWith({ name: "redis-server", install: "apt-get install redis-server" }, "a Redis that loses everything", () => {
  it("does not keep a block from ending at its time", async () => {
    const redis = await startTestRedis();
    const redisUrl = redis.freshDatabase();
    const log = createLog("silent");
    const address = { databaseUrl: "", redisUrl, log };
    const queue = createQueue(address);
    const world = jobContext();
    const ended = collect<number>();
    const handlers: Partial<JobHandlers> = {
      sweep: async (run) => {
        await sweep(run, world);
        ended.add(world.firewall.blocked.size);
      },
      reconcile: async () => undefined,
    };
    const worker = startWorker({ ...address, handlers: handlers as JobHandlers, onFailed: async () => undefined });
    await worker.ready();
    const schedule = await keepScheduled(queue, log, { isWatched: false, renewEveryMs: 500 });
    await applied(world);
    await ended.find((blocked) => blocked === 1);

    const client = new Redis(redisUrl);
    await client.flushdb();
    await client.quit();
    world.clock.advance(2 * 3_600_000);
    await ended.find((blocked) => blocked === 0);

    schedule.stop();
    await worker.close({ graceMs: 0 });
    await queue.close();
    await redis.stop();
    expect((await world.store.blocks({})).map(({ state }) => state)).toEqual(["expired"]);
  });
});
