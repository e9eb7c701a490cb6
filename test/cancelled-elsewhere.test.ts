import { existsSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { cancel } from "../commands/cancel.ts";
import { spike } from "../commands/spike.ts";
import { createJobHandlers } from "../jobs/index.ts";
import { createLog } from "../src/log.ts";
import { createLogReader } from "../src/logs/reader.ts";
import type { LogSource } from "../src/logs/sources/source.ts";
import { createQueue } from "../src/queue/producer.ts";
import { startWorker } from "../src/queue/runner.ts";
import { openStore } from "../src/store/store.ts";
import { BUILT_AT_MS, SECOND } from "./support/build-proposal.ts";
import { click, testContext, typed } from "./support/command-context.ts";
import { startTestPostgres, type TestPostgres } from "./support/postgres.ts";

const log = createLog("silent");
const folder = mkdtempSync(join(tmpdir(), "spillway-test-"));
const spillDir = join(folder, "spill");
let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startTestPostgres();
}, 60_000);
afterAll(async () => {
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 30_000);

/** The same file again and again, until somebody stops it. */
function endlessSource(): LogSource {
  const path = join(folder, "access.log");
  const time = new Date(BUILT_AT_MS - 60_000).toISOString();
  const stamp = `${time.slice(8, 10)}/Nov/${time.slice(0, 4)}:${time.slice(11, 19)} +0000`;
  writeFileSync(path, `192.0.2.1 - - [${stamp}] "GET / HTTP/1.1" 200 5 "-" "curl/8"\n`.repeat(5_000));
  const file = { path, name: path, bytes: statSync(path).size };
  return {
    description: "a log without an end",
    fetch: ({ signal }) => ({
      files: (async function* () {
        for (;;) {
          signal.throwIfAborted();
          yield file;
        }
      })(),
      report: () => ({ skipped: [], coverage: null }),
    }),
  };
}

it("stops what another process reads, leaves none of its files, and is not begun again", async () => {
  const databaseUrl = await postgres.freshDatabase();
  // What the two processes share is the database; Slack is one anyway.
  const [here, there] = await Promise.all([openStore(databaseUrl, log), openStore(databaseUrl, log)]);
  const queue = createQueue({ databaseUrl, log });
  const bot = { ...testContext(), store: here, queue };
  const logs = createLogReader({ source: endlessSource(), format: "auto", spillDir });
  const web = { logs, metrics: null, firewall: null, scaler: null };
  const handlers = createJobHandlers({ ...bot, store: there, services: { web } });
  let begun = 0;
  let ended = 0;
  const investigate: typeof handlers.investigate = async (run) => {
    begun += 1;
    await handlers.investigate(run).finally(() => {
      ended += 1;
    });
  };
  const failed: unknown[] = [];
  const worker = startWorker({
    databaseUrl,
    log,
    handlers: { ...handlers, investigate },
    onFailed: async (job) => void failed.push(job),
  });
  await spike.run(typed(""), bot);
  await until(() => existsSync(spillDir) && readdirSync(spillDir).length > 0);

  await cancel.run({ ...click("cancel", "id-0000000000001"), messageTs: bot.messenger.said()[0]?.ts ?? "" }, bot);
  await until(() => ended === 1);
  // Whatever is told to run once more is told nothing new.
  await queue.enqueue("investigate", { investigationId: "id-0000000000001" });
  await until(() => ended === 2);
  await worker.close();

  expect(readdirSync(spillDir)).toEqual([]);
  expect([begun, failed]).toEqual([2, []]);
  expect(bot.messenger.said().map(({ message }) => message.text)).toEqual([
    `Looking at web: cancelled by ${SECOND.name}; nothing was changed.`,
  ]);
  expect(await here.investigation("id-0000000000001")).toMatchObject({ state: "cancelled", cancelledBy: SECOND });
  await Promise.all([queue.close(), here.close(), there.close()]);
}, 60_000);

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise(setImmediate);
}
