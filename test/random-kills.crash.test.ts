/** Bots and workers die by SIGKILL at random steps of what people asked for, again and again; nothing is lost or done twice. */
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { killAtRandom } from "./crash/random-kills.ts";
import { describeWith } from "./support/describe-with.ts";
import { MOTO } from "./support/moto.ts";
import { MOTO_START_TIMEOUT_MS, type MotoServer, startMoto } from "./support/moto-server.ts";
import { startTestPostgres, type TestPostgres } from "./support/postgres.ts";
import { startTestRedis, type TestRedis } from "./support/redis.ts";

const KILLS = 12;
const REDIS = { name: "redis-server", install: "apt-get install redis-server" };

describeWith(MOTO, "processes killed between any two steps", (motoPath) => {
  let moto: MotoServer;
  let postgres: TestPostgres;

  beforeAll(async () => {
    [moto, postgres] = await Promise.all([startMoto(motoPath), startTestPostgres()]);
  }, MOTO_START_TIMEOUT_MS + 5_000);

  afterAll(() => Promise.all([moto.stop(), postgres.stop()]));

  it("a bot and a worker on Postgres: no double update, no lost block, none past its time, nothing stuck", async () => {
    const world = { name: "postgres", motoUrl: moto.url, postgres, program: "source" } as const;

    const { kills, violations, ended } = await killAtRandom({ ...world, seed: 1, kills: KILLS, begins: "apart" });

    expect(violations).toEqual([]);
    expect(kills).toHaveLength(KILLS);
    expect(ended["done"]).toBeGreaterThan(0);
  }, 400_000);

  describeWith(REDIS, "with the queue on Redis", () => {
    let redis: TestRedis;

    beforeAll(async () => {
      redis = await startTestRedis();
    }, 30_000);

    afterAll(() => redis.stop());

    it("all in one process: no double update, no lost block, none past its time, nothing stuck", async () => {
      const redisUrl = redis.freshDatabase();
      const world = { name: "redis", motoUrl: moto.url, postgres, redisUrl, program: "source" } as const;

      const { kills, violations, ended } = await killAtRandom({ ...world, seed: 2, kills: KILLS, begins: "whole" });

      expect(violations).toEqual([]);
      expect(kills).toHaveLength(KILLS);
      expect(ended["done"]).toBeGreaterThan(0);
    }, 400_000);
  });
});
