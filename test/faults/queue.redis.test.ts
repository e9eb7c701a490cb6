/** Redis is killed while something is queued in it, with its memory on disk and without: nothing is lost, or done twice. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { describeWith } from "../support/describe-with.ts";
import {
  blocked,
  blockWords,
  cardSays,
  isBlocked,
  isScaled,
  isUnblocked,
  offered,
  saysInThread,
  scaleWords,
} from "../support/fault-actions.ts";
import { FAULTS } from "../support/fault-catalogue.ts";
import { type FaultWorld, openFaultWorld } from "../support/fault-world.ts";
import { startTestPostgres, type TestPostgres } from "../support/postgres.ts";
import { startTestRedis, type TestRedis } from "../support/redis.ts";
import { untilSwept, untilTakenUp } from "../support/sweeping.ts";

const MINUTE_MS = 60_000;

describeWith({ name: "redis-server", install: "apt-get install redis-server" }, "a Redis that is killed", () => {
  describe.each([
    ["forgets everything", false],
    ["kept everything", true],
  ])("and %s", (_, isKept) => {
    let postgres: TestPostgres;
    let redis: TestRedis;
    let world: FaultWorld;
    let rows = 0;

    beforeAll(async () => {
      [postgres, redis] = await Promise.all([startTestPostgres(), startTestRedis({ isKept })]);
      world = await openFaultWorld({ databaseUrl: await postgres.freshDatabase(), redisUrl: redis.freshDatabase() });
    }, 60_000);
    afterAll(async () => {
      await world?.close();
      await redis?.stop();
      await postgres?.stop();
    }, 30_000);
    afterEach(async () => {
      world.breakAws(null);
      world.clock.step(3 * 60 * MINUTE_MS);
      await untilSwept(world);
      expect(await world.firewall.list()).toEqual([]);
      expect(await world.group.read()).toMatchObject({ min: 2, desired: 2 });
    }, 30_000);

    function next(): number {
      rows += 1;
      return rows;
    }

    /** Kills it as the firewall does what it was told, and starts it again once the job knows. */
    async function killAsWritten(): Promise<void> {
      const killed = new Promise<void>((resolve, reject) => {
        world.breakAws({
          after: async (operation) => {
            if (operation !== "UpdateIPSet") return;
            world.breakAws(null);
            await redis.kill().then(resolve, reject);
          },
        });
      });
      await killed;
    }

    it("before the click: the approval is kept, and carried out once it is back", async () => {
      const scene = await offered(world, blockWords(next()));
      await redis.kill();

      await world.ben.click(scene.card, /^Approve/);

      await world.ben.sees(/Approved, and kept\. The queue did not answer/);
      await redis.start();
      await untilTakenUp(world, scene.proposalId, "done");
      await isBlocked(world, scene);
    }, 40_000);

    it("as a block is put in: there is one receipt, and the card says so", async () => {
      const scene = await offered(world, blockWords(next()));
      const killed = killAsWritten();

      await world.ben.click(scene.card, /^Approve/);
      await killed;
      await redis.start();

      await untilTakenUp(world, scene.proposalId, "done");
      await isBlocked(world, scene);
    }, 40_000);

    it("as a block ends: it has ended, and the card says so", async () => {
      const scene = await blocked(world, next());
      const killed = killAsWritten();
      world.clock.step(60 * MINUTE_MS + 1_000);

      const swept = world.run("sweep");
      await killed;
      await redis.start();
      await swept;
      await untilSwept(world);

      await isUnblocked(world, scene);
    }, 40_000);

    it("while a scale-out waits for its time: it begins all the same", async () => {
      const { words, ...named } = scaleWords(next());
      const at = new Date(world.clock.now() + 20 * MINUTE_MS).toISOString().slice(11, 16);
      const scene = await offered(world, { ...named, words: words.replace(" for 1h", ` at ${at} for 1h`) });
      await world.ben.click(scene.card, /^Approve/);
      await cardSays(world, scene, "Begins by itself");

      await redis.kill();
      await redis.start();
      world.clock.step(21 * MINUTE_MS);
      await untilTakenUp(world, scene.proposalId, "done");

      await isScaled(world, scene);
    }, 40_000);

    it("while what failed is to be told: people are told", async () => {
      const scene = await offered(world, blockWords(next()));
      await FAULTS.find(({ name }) => name === "a write denied")?.begin(world, "firewall");

      const tried = world.ended("apply");
      await world.ben.click(scene.card, /^Approve/);
      await tried;
      await redis.kill();
      await redis.start();
      await untilTakenUp(world, scene.proposalId, "failed");

      await saysInThread(world, scene, /Not carried out/, "Allow wafv2:UpdateIPSet");
      await cardSays(world, scene, "but not carried out");
    }, 40_000);
  });
});
