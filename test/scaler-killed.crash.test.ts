/** A worker dies by SIGKILL while it scales out, ahead of time or at once, and while it scales back; another takes over. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { createLog } from "../src/log.ts";
import { startSpillway } from "../src/main.ts";
import { createAutoScalingGroup } from "../src/scaling/auto-scaling-group.ts";
import { standBetween } from "./support/aws-between.ts";
import { closingAfterEach } from "./support/closing.ts";
import { startTestPostgres, type TestPostgres } from "./support/postgres.ts";
import { openSandbox, type SpillwayProcess, spawnSpillway } from "./support/sandbox.ts";
import { until } from "./support/until.ts";

const MINUTE_MS = 60_000;

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);

afterAll(() => postgres.stop());

const opened = closingAfterEach();

/** The next full minute that is far enough away to be approved before, as people type it. */
function soon(): string {
  return new Date(Date.now() + 10_000 + MINUTE_MS).toISOString().slice(11, 16);
}

describe("a worker killed while it changes capacity", () => {
  it.each([
    ["raises", "at once", 1, "before"],
    ["raises", "at once", 1, "after"],
    ["raises", "ahead of time", 1, "after"],
    ["puts back", "at once", 2, "before"],
    ["puts back", "at once", 2, "after"],
  ] as const)(
    "as it %s what was asked for %s, at its call %s, %s AWS does it: the next one leaves all as it was",
    async (_, when, deadlyCall, moment) => {
      const databaseUrl = await postgres.freshDatabase();
      const sandbox = opened(await openSandbox({ databaseUrl, story: "quiet" }), (it) => it.close());
      let worker: SpillwayProcess | null = null;
      let calls = 0;
      const killOnce = async (operation: string) => {
        if (operation !== "UpdateAutoScalingGroup") return false;
        calls += 1;
        if (calls !== deadlyCall) return false;
        await worker?.kill();
        return true;
      };
      const awsUrl = sandbox.env["AWS_ENDPOINT_URL"] as string;
      const aws = opened(
        await standBetween(
          awsUrl,
          moment === "before"
            ? { before: async (operation) => ((await killOnce(operation)) ? "drop" : "forward") }
            : { after: async (operation) => void (await killOnce(operation)) },
        ),
        (it) => it.close(),
      );
      const env = { ...sandbox.env, AWS_ENDPOINT_URL: aws.url };
      opened(await startSpillway(env, { bot: true, worker: false }), (it) => it.stop());
      const ana = opened(await sandbox.sitDown("Ana"), async (it) => it.leave());
      const ben = opened(await sandbox.sitDown("Ben"), async (it) => it.leave());
      worker = opened(await spawnSpillway(["worker"], env), (it) => it.kill());
      const group = createAutoScalingGroup({
        config: { kind: "auto-scaling-group", name: "web", maxInstances: 8 },
        aws: { region: "eu-west-1", endpoint: awsUrl },
        log: createLog("silent"),
      });
      const before = await group.read();

      await ana.say(`/scale web +2 ${when === "at once" ? "" : `at ${soon()} `}for 30m because of the show`);
      await ben.click(await ben.sees(/Approve/), /^Approve/);
      if (deadlyCall === 1) {
        await worker.gone;
        worker = opened(await spawnSpillway(["worker"], env), (it) => it.kill());
      }
      const card = await ben.sees(/applied at[\s\S]*Undo/);
      const raised = await group.read();
      await ben.click(card, /^Undo/);
      if (deadlyCall === 2) {
        await worker.gone;
        worker = opened(await spawnSpillway(["worker"], env), (it) => it.kill());
      }
      await ben.sees(/Over since/);

      // The hold goes last, so that what dies before the card says so leaves a trace.
      const holds = () => postgres.query(databaseUrl, "SELECT * FROM capacity_holds");
      await until(30_000, async () => (await holds()).length === 0);
      const held = await holds();
      const ends = await postgres.query<{ kind: string }>(databaseUrl, "SELECT kind FROM capacity_ends");
      const receipts = await postgres.query<{ outcome: string }>(databaseUrl, "SELECT outcome FROM receipts");
      expect(raised).toMatchObject({ min: before.min + 2, desired: before.desired + 2 });
      expect(await group.read()).toMatchObject({ min: before.min, desired: before.desired });
      expect([held, ends, receipts]).toEqual([[], [{ kind: "restored" }], [{ outcome: "applied" }]]);
    },
    200_000,
  );
});
