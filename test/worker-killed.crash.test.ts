/** A worker dies by SIGKILL between approval and receipt; another takes over, and the block is applied exactly once. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { startSpillway } from "../src/main.ts";
import { standBetween } from "./support/aws-between.ts";
import { startTestPostgres, type TestPostgres } from "./support/postgres.ts";
import { openSandbox, type SpillwayProcess, spawnSpillway } from "./support/sandbox.ts";

const ADDRESS = "203.0.113.77";

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);

afterAll(() => postgres.stop());

describe("a worker killed between approval and receipt", () => {
  it.each(["before the firewall heard of it", "after the firewall did it, before it could say so"] as const)(
    "%s: the next worker leaves one block, one receipt, one change",
    async (moment) => {
      const databaseUrl = await postgres.freshDatabase();
      const sandbox = await openSandbox({ databaseUrl, story: "quiet" });
      let worker: SpillwayProcess | null = null;
      let kills = 0;
      const killOnce = async (operation: string) => {
        if (operation !== "UpdateIPSet" || kills > 0) return false;
        kills += 1;
        await worker?.kill();
        return true;
      };
      const aws = await standBetween(
        sandbox.env["AWS_ENDPOINT_URL"] as string,
        moment === "before the firewall heard of it"
          ? { before: async (operation) => ((await killOnce(operation)) ? "drop" : "forward") }
          : { after: async (operation) => void (await killOnce(operation)) },
      );
      const env = { ...sandbox.env, AWS_ENDPOINT_URL: aws.url };
      const bot = await startSpillway(env, { bot: true, worker: false });
      const [ana, ben] = await Promise.all([sandbox.sitDown("Ana"), sandbox.sitDown("Ben")]);
      worker = await spawnSpillway(["worker"], env);

      await ana.say(`/block ${ADDRESS} for 1h because it scans for passwords`);
      const card = await ben.sees(/Approve/);
      const dead = worker;
      const approved = ben.click(card, /^Approve/);
      await dead.gone;
      await approved;
      worker = await spawnSpillway(["worker"], env);
      await ben.sees(/blocked until|Applied|Blocked/i);

      const rows = await postgres.query<{ state: string }>(databaseUrl, "SELECT state FROM blocks");
      const receipts = await postgres.query<{ outcome: string }>(databaseUrl, "SELECT outcome FROM receipts");
      expect(kills).toBe(1);
      expect(rows).toEqual([{ state: "active" }]);
      expect(receipts).toEqual([{ outcome: "applied" }]);
      expect(aws.answered.get("UpdateIPSet")).toBe(1);

      ana.leave();
      ben.leave();
      await worker.stop();
      await bot.stop();
      await aws.close();
      await sandbox.close();
    },
    120_000,
  );
});
