import { afterAll, beforeAll, jest } from "@jest/globals";
import { startTestPostgres, type TestPostgres } from "../support/postgres.ts";
import { describeQueue, describeQueueDown } from "./queue-suite.ts";

// The waits are the queue's own (a lock that runs out, a retry); each is a second or two.
jest.setTimeout(20_000);

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startTestPostgres();
});
afterAll(() => postgres.stop());

describeQueue("the queue on Postgres", {
  kind: "postgres",
  freshAddress: async () => ({ databaseUrl: await postgres.freshDatabase() }),
});

describeQueueDown("no Postgres listens", { databaseUrl: "postgres://nobody:x@127.0.0.1:1/none" });
