import { afterAll, beforeAll, jest } from "@jest/globals";
import { describeWith } from "../support/describe-with.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";
import { describeQueue, describeQueueDown } from "./queue-suite.ts";

jest.setTimeout(20_000);

describeWith({ name: "redis-server", install: "apt-get install redis-server" }, "with a Redis", () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startTestRedis();
  });
  afterAll(() => redis.stop());

  describeQueue("the queue on Redis", {
    kind: "redis",
    freshAddress: async () => ({ redisUrl: redis.freshDatabase() }),
  });
});

describeQueueDown("no Redis listens", { redisUrl: "redis://127.0.0.1:1" });
