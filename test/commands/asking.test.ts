import { describe, expect, it } from "@jest/globals";
import { only, topPaths, without } from "../../commands/narrow.ts";
import { spike } from "../../commands/spike.ts";
import { top } from "../../commands/top.ts";
import { UpstreamError } from "../../src/errors.ts";
import { buildInvestigation } from "../support/build-finding.ts";
import { ASKING, BUILT_AT_MS } from "../support/build-proposal.ts";
import { CHANNEL, click, testContext, typed } from "../support/command-context.ts";

const HOUR_MS = 3_600_000;
const QUEUE_DOWN = new UpstreamError("queue-down", "no answer within 2 s", { retryable: true });
const STORE_DOWN = new UpstreamError("store-down", "no answer within 2 s", { retryable: true });

describe("/spike", () => {
  it("keeps the question, shows that it is asked, and enqueues the job", async () => {
    const context = testContext();

    await spike.run(typed(""), context);

    const [job] = context.queue.waiting();
    const [message] = context.messenger.said();
    expect(job).toMatchObject({ name: "investigate", payload: { investigationId: "id-0000000000001" } });
    expect(message).toMatchObject({ channelId: CHANNEL, to: null });
    expect(await context.store.investigation("id-0000000000001")).toMatchObject({
      service: "web",
      state: "running",
      requestedBy: ASKING,
      window: { startMs: BUILT_AT_MS - HOUR_MS, endMs: BUILT_AT_MS },
      messageTs: message?.ts,
    });
    expect(context.store.allEvents().map(({ kind, text }) => [kind, text])).toEqual([
      ["investigation", "Asked what is going on at web."],
    ]);
  });

  it("answers in the thread where it was asked", async () => {
    const context = testContext();

    await spike.run({ ...typed("30m"), threadTs: "1.1" }, context);

    expect(context.messenger.said()[0]).toMatchObject({ threadTs: "1.1" });
  });

  it.each([
    ["26h", "Window 26h is over the 24h limit; try `/spike web 24h`."],
    ["30s", "Window 30s is too short to compare; try `/spike web 5m`."],
    ["wbe", "Did you mean `web`?"],
  ])("refuses %s and does nothing", async (text, message) => {
    const context = testContext();

    await expect(spike.run(typed(text), context)).rejects.toThrow(message);

    expect(context.messenger.said()).toEqual([]);
    expect(context.queue.waiting()).toEqual([]);
  });

  it("takes the latest time of day that has begun", async () => {
    const context = testContext();

    await spike.run(typed("13:00-14:00"), context);
    await spike.run(typed("22:00-23:30"), context);

    const windows = await Promise.all(
      ["id-0000000000001", "id-0000000000003"].map(async (id) => (await context.store.investigation(id))?.window),
    );
    expect(windows).toEqual([
      { startMs: Date.UTC(2026, 10, 21, 13), endMs: Date.UTC(2026, 10, 21, 14) },
      { startMs: Date.UTC(2026, 10, 20, 22), endMs: Date.UTC(2026, 10, 20, 23, 30) },
    ]);
  });

  it("asks which service is meant where several could be", async () => {
    const context = testContext({ services: "web and api" });

    await expect(spike.run(typed("30m"), context)).rejects.toThrow("Which service? There are `web`, `api`");
  });

  it("says nothing in the channel where the database is down", async () => {
    const context = testContext();
    context.store.failWith(STORE_DOWN);

    await expect(spike.run(typed(""), context)).rejects.toBe(STORE_DOWN);

    expect(context.messenger.said()).toEqual([]);
    expect(context.queue.waiting()).toEqual([]);
  });

  it("leaves no question open and no message waiting where the queue is down", async () => {
    const context = testContext();
    context.queue.failWith(QUEUE_DOWN);

    await expect(spike.run(typed(""), context)).rejects.toBe(QUEUE_DOWN);

    expect(await context.store.investigation("id-0000000000001")).toMatchObject({ state: "failed" });
    expect(context.messenger.said().map(({ message }) => message.text)).toEqual([
      "Not started: the queue or the database did not answer. Ask again in a minute.",
    ]);
  });
});

describe("/top", () => {
  it("enqueues a breakdown with its filter, for the message that waits", async () => {
    const context = testContext();

    await top.run(typed('path 15m only ip=198.51.100.7 not ua="curl 8"'), context);

    expect(context.queue.waiting()).toMatchObject([
      {
        name: "breakdown",
        payload: {
          service: "web",
          dimension: "path",
          window: { startMs: BUILT_AT_MS - HOUR_MS / 4, endMs: BUILT_AT_MS },
          filter: { only: { ip: "198.51.100.7" }, not: { userAgent: "curl 8" } },
          messageTs: context.messenger.said()[0]?.ts,
          userId: ASKING.id,
        },
      },
    ]);
  });

  it("turns its message into the reason where the queue is down", async () => {
    const context = testContext();
    context.queue.failWith(QUEUE_DOWN);

    await expect(top.run(typed("ip"), context)).rejects.toBe(QUEUE_DOWN);

    expect(context.messenger.said()[0]?.message.text).toContain("Not started");
  });
});

describe("the buttons of a verdict", () => {
  it("ask the same again with nothing but the guilty, or without", async () => {
    const context = testContext();
    const first = buildInvestigation();
    await context.store.createInvestigation(first);

    await only.run(click("only", first.id), context);
    await without.run(click("without", first.id), context);

    const jobs = context.queue.waiting().map(({ payload }) => payload as { investigationId: string });
    const asked = await Promise.all(jobs.map(({ investigationId }) => context.store.investigation(investigationId)));
    expect(asked.map((one) => one?.filter)).toEqual([
      { only: { ip: "198.51.100.14" } },
      { not: { ip: "198.51.100.14" } },
    ]);
    expect(asked.map((one) => one?.window)).toEqual([first.window, first.window]);
  });

  it("list the top paths of the same window", async () => {
    const context = testContext();
    const first = buildInvestigation();
    await context.store.createInvestigation(first);

    await topPaths.run(click("top-paths", first.id), context);

    expect(context.queue.waiting()).toMatchObject([{ payload: { dimension: "path", window: first.window } }]);
  });

  it("say that a verdict is not known any more", async () => {
    await expect(only.run(click("only", "inv-gone"), testContext())).rejects.toThrow("ask anew with `/spike`");
  });
});
