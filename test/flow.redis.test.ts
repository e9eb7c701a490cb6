import { afterAll, beforeAll, it } from "@jest/globals";
import { describeWith } from "./support/describe-with.ts";
import { startTestPostgres, type TestPostgres } from "./support/postgres.ts";
import { startTestRedis, type TestRedis } from "./support/redis.ts";
import { openSandbox, type Sandbox, type SpillwayProcess, spawnSpillway } from "./support/sandbox.ts";
import { playWholeIncident } from "./support/whole-incident.ts";

describeWith({ name: "redis-server", install: "apt-get install redis-server" }, "an incident, with a Redis", () => {
  let postgres: TestPostgres;
  let redis: TestRedis;
  let sandbox: Sandbox;
  const processes: SpillwayProcess[] = [];

  beforeAll(async () => {
    [postgres, redis] = await Promise.all([startTestPostgres(), startTestRedis()]);
    sandbox = await openSandbox({ databaseUrl: await postgres.freshDatabase(), redisUrl: redis.freshDatabase() });
    processes.push(
      ...(await Promise.all([
        spawnSpillway(["start", "--no-worker"], sandbox.env),
        spawnSpillway(["worker"], sandbox.env),
        spawnSpillway(["worker"], sandbox.env),
      ])),
    );
  }, 60_000);

  afterAll(async () => {
    await Promise.all(processes.map((each) => each.stop()));
    await sandbox?.close();
    await redis?.stop();
    await postgres?.stop();
  }, 40_000);

  it("goes the whole way with a bot and two workers as processes of their own", async () => {
    await playWholeIncident(sandbox);
  }, 120_000);
});
