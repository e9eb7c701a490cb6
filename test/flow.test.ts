import { afterAll, beforeAll, describe, it } from "@jest/globals";
import { type Running, startSpillway } from "../src/main.ts";
import { startTestPostgres, type TestPostgres } from "./support/postgres.ts";
import { openSandbox, type Sandbox } from "./support/sandbox.ts";
import { playWholeIncident } from "./support/whole-incident.ts";

let postgres: TestPostgres;
let sandbox: Sandbox;
let spillway: Running;

beforeAll(async () => {
  postgres = await startTestPostgres();
  sandbox = await openSandbox({ databaseUrl: await postgres.freshDatabase() });
  spillway = await startSpillway(sandbox.env, { bot: true, worker: true });
}, 60_000);

afterAll(async () => {
  await spillway?.stop();
  await sandbox?.close();
  await postgres?.stop();
}, 30_000);

describe("an incident", () => {
  it("goes from the first command to the postmortem in one process, on Postgres alone", async () => {
    await playWholeIncident(sandbox);
  }, 120_000);
});
