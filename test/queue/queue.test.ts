import { afterAll, beforeAll, describe, it, jest } from "@jest/globals";
import pino from "pino";
import type { JobHandlers } from "../../src/queue/jobs.ts";
import { createQueue } from "../../src/queue/producer.ts";
import { startWorker } from "../../src/queue/runner.ts";
import { startTestPostgres, type TestPostgres } from "../support/postgres.ts";
import { collect } from "./collect.ts";
import { describeQueue, describeQueueDown, untilAccepted } from "./queue-suite.ts";

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

describe("the embedded Postgres, killed", () => {
  it("comes back to a worker that ran all along, which does new jobs, the one under way and scheduled ones", async () => {
    const log = pino({ level: "silent" });
    const address = { databaseUrl: await postgres.freshDatabase(), log };
    const queue = createQueue(address);
    const events = collect<string>();
    const handlers: Partial<JobHandlers> = {
      async apply({ payload }) {
        events.add(`began ${payload.proposalId}`);
        if (payload.proposalId === "under way") await events.find((event) => event === "began after");
        events.add(`did ${payload.proposalId}`);
      },
      sweep: async () => events.add("swept"),
    };
    const worker = startWorker({
      ...address,
      handlers: handlers as JobHandlers,
      onFailed: async () => {},
      lockMs: 2_000,
    });
    await worker.ready();
    await queue.every("sweep", {}, 300);
    await queue.enqueue("apply", { proposalId: "under way" });
    await events.find((event) => event === "began under way");

    postgres.kill();
    await untilRefused(() => queue.enqueue("check", { proposalId: "p1", round: 1 }, { id: "once" }));
    const sweepsBefore = events.all.filter((event) => event === "swept").length;
    await untilAccepted(() => queue.enqueue("apply", { proposalId: "after" }));

    await events.find((event) => event === "did after");
    await events.find((event) => event === "did under way");
    await events.find(() => events.all.filter((event) => event === "swept").length > sweepsBefore + 2);
    await worker.close({ graceMs: 0 });
    await queue.close();
  });
});

async function untilRefused(add: () => Promise<void>): Promise<void> {
  try {
    for (;;) await add();
  } catch {
    // It was.
  }
}

describeQueueDown("no Postgres listens", { databaseUrl: "postgres://nobody:x@127.0.0.1:1/none" });
