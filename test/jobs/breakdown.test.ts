import { describe, expect, it } from "@jest/globals";
import { breakdown } from "../../jobs/breakdown.ts";
import type { LogReader } from "../../src/ports/log-reader.ts";
import type { JobPayload } from "../../src/queue/jobs.ts";
import { ASKING, BUILT_AT_MS } from "../support/build-proposal.ts";
import { fakeLogReader } from "../support/fake-log-reader.ts";
import type { FakeRequest } from "../support/fake-request.ts";
import { attempt, jobContext, type TestJobContext, timelineOf, withWeb } from "../support/job-context.ts";

const MINUTE_MS = 60_000;

/** Four requests in the half hour asked for, one in the half hour before. */
const REQUESTS: readonly FakeRequest[] = [
  { atMs: BUILT_AT_MS - 40 * MINUTE_MS, ip: "192.0.2.1", path: "/" },
  { atMs: BUILT_AT_MS - 20 * MINUTE_MS, ip: "192.0.2.1", path: "/" },
  { atMs: BUILT_AT_MS - 10 * MINUTE_MS, ip: "198.51.100.14", path: "/a" },
  { atMs: BUILT_AT_MS - 9 * MINUTE_MS, ip: "198.51.100.14", path: "/b" },
  { atMs: BUILT_AT_MS - 8 * MINUTE_MS, ip: "198.51.100.14", path: "/c" },
];

async function top(context: TestJobContext, given: Partial<JobPayload<"breakdown">> = {}) {
  const { ts } = await context.messenger.post({ channelId: "C0WEB" }, { text: "Looking…", blocks: [] });
  const payload = {
    service: "web",
    dimension: "ip",
    window: { startMs: BUILT_AT_MS - 30 * MINUTE_MS, endMs: BUILT_AT_MS },
    filter: {},
    channelId: "C0WEB",
    messageTs: ts,
    userId: ASKING.id,
    ...given,
  } as const;
  const run = attempt<"breakdown">(payload);
  return { run: () => breakdown(run, context) };
}

function shown(context: TestJobContext): string {
  return JSON.stringify(context.messenger.said()[0]?.message);
}

describe("a breakdown", () => {
  it("compares the window with the time before it, in place of the waiting message", async () => {
    const context = jobContext({ requests: REQUESTS });

    await (await top(context)).run();

    expect(context.messenger.said()).toHaveLength(1);
    expect(shown(context)).toContain("4 requests in");
    expect(shown(context)).toContain("1 in the same time before");
    expect(shown(context)).toContain("198.51.100.14");
    expect(timelineOf(context)).toEqual([
      "Looked at the top addresses of web: 198.51.100.14 leads with 3 of 4 requests.",
    ]);
    expect(context.logs.closedSlices()).toBe(1);
  });

  it("leaves out what its filter leaves out", async () => {
    const context = jobContext({ requests: REQUESTS });

    await (await top(context, { dimension: "path", filter: { not: { ip: "198.51.100.14" } } })).run();

    expect(timelineOf(context)).toEqual(["Looked at the top paths of web: / leads with 1 of 1 requests."]);
    expect(shown(context)).toContain("Requests without address");
  });

  it("repeats without harm when it runs again", async () => {
    const context = jobContext({ requests: REQUESTS });
    const job = await top(context);
    await job.run();
    const first = shown(context);

    await job.run();

    expect(shown(context)).toBe(first);
    expect(timelineOf(context)).toHaveLength(1);
  });

  it("says of a log without a request that this is not the same as no traffic", async () => {
    const context = jobContext();

    await (await top(context)).run();

    expect(shown(context)).toContain("that is not the same as no traffic");
    expect(timelineOf(context)).toEqual(["Looked at the top addresses of web: the log gives none."]);
  });

  it.each([
    ["without logs in its configuration", { logs: null }, "web has no `logs`"],
    ["without one readable file", { logs: fakeLogReader([], { files: 0 }) }, "No log could be read"],
  ])("%s says that nothing was read", async (_where, ports: { logs: LogReader | null }, message) => {
    const job = await top(withWeb(jobContext(), ports));

    await expect(job.run()).rejects.toThrow(message);
  });

  it("closes the log when it is stopped", async () => {
    const context = jobContext({ requests: REQUESTS });
    const logs: LogReader = {
      ...context.logs,
      read: async (request) => ({
        ...(await context.logs.read(request)),
        breakdown: () => Promise.reject(new Error("stopped")),
      }),
    };

    await expect((await top(withWeb(context, { logs }))).run()).rejects.toThrow("stopped");

    expect(context.logs.closedSlices()).toBe(1);
  });
});
