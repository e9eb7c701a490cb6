import { afterEach, describe, expect, it, jest } from "@jest/globals";
import { tellFailure } from "../../jobs/failed.ts";
import { investigate } from "../../jobs/investigate.ts";
import { verdictChart } from "../../jobs/verdict-chart.ts";
import { spikeChartSvg } from "../../src/chart/spike-chart.ts";
import type { TrafficSeries } from "../../src/domain/traffic.ts";
import { UpstreamError } from "../../src/errors.ts";
import type { LogReader } from "../../src/ports/log-reader.ts";
import type { Investigation } from "../../src/ports/remembered.ts";
import { buildBreakdown, buildFinding, buildInvestigation } from "../support/build-finding.ts";
import { BUILT_AT_MS, buildBlock } from "../support/build-proposal.ts";
import { blockOf, FLOODER } from "../support/changes.ts";
import { fakeLogReader } from "../support/fake-log-reader.ts";
import type { FakeRequest } from "../support/fake-request.ts";
import { applied, attempt, jobContext, type TestJobContext, timelineOf, withWeb } from "../support/job-context.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const WINDOW = { startMs: BUILT_AT_MS - 30 * MINUTE_MS, endMs: BUILT_AT_MS };
const CRAWLER = "198.51.100.14";

afterEach(() => {
  jest.useRealTimers();
});

/** An hour and a half of forty visitors, and a crawler for the last ten minutes. */
function crawledTraffic(ip = CRAWLER, userAgent = "Indexer/1.2"): readonly FakeRequest[] {
  const minutes = Array.from({ length: 90 }, (_, index) => BUILT_AT_MS - (90 - index) * MINUTE_MS);
  return minutes.flatMap((atMs, minute) => [
    ...requests(40, atMs, (index) => ({
      ip: `192.0.2.${index}`,
      path: `/page/${index}`,
      userAgent: "Mozilla/5.0 Firefox",
    })),
    ...(minute < 80 ? [] : requests(300, atMs, (index) => ({ ip, path: `/all/${index}`, userAgent }))),
  ]);
}

function requests(count: number, atMs: number, of: (index: number) => Partial<FakeRequest>): FakeRequest[] {
  return Array.from({ length: count }, (_, index) => ({
    atMs: atMs + Math.floor((index * MINUTE_MS) / count),
    status: 200,
    ...of(index),
  }));
}

/** What a person who asked sees while they wait. */
async function asked(context: TestJobContext, given: Partial<Investigation> = {}): Promise<Investigation> {
  const { ts } = await context.messenger.post({ channelId: "C0WEB" }, { text: "Looking…", blocks: [] });
  const waiting = { state: "running", finding: null, intake: null } as const;
  const investigation = buildInvestigation({ window: WINDOW, messageTs: ts, ...waiting, ...given });
  await context.store.createInvestigation(investigation);
  return investigation;
}

function run({ id }: Investigation, context: TestJobContext, signal?: AbortSignal): Promise<void> {
  return investigate(attempt<"investigate">({ investigationId: id }, signal), context);
}

function shown(context: TestJobContext): string {
  return JSON.stringify(context.messenger.said()[0]?.message);
}

describe("an investigation", () => {
  it.each([
    ["crawl-66-249-66-1.googlebot.com", "66.249.66.1 (it is Googlebot, confirmed by DNS)", false],
    ["host-7.example.net", "66.249.66.1 (it says that it is Googlebot, and DNS says that it is not)", true],
  ])("looks up who says that it is a search engine: %s", async (name, words, isOffered) => {
    const context = jobContext({ requests: crawledTraffic("66.249.66.1", "Googlebot/2.1") });
    context.resolver.names["66.249.66.1"] = [name];
    context.resolver.addresses[name] = ["66.249.66.1"];
    const investigation = await asked(context);

    await run(investigation, context);

    const { finding } = (await context.store.investigation(investigation.id)) ?? {};
    expect(finding?.verdict).toContain(words);
    expect(finding?.suggestions.some(({ change }) => change.kind === "block")).toBe(isOffered);
    expect(JSON.stringify(finding?.advice).includes("Slow it down in robots.txt")).toBe(!isOffered);
  });

  it("shows the verdict, its chart and what to do in place of the waiting message, and keeps it", async () => {
    const context = jobContext({ requests: crawledTraffic() });
    const investigation = await asked(context);

    await run(investigation, context);

    const kept = await context.store.investigation(investigation.id);
    expect(kept).toMatchObject({ state: "done", intake: { lines: 6_600 } });
    expect(kept?.finding?.causes[0]).toMatchObject({ kind: "heavy-client", slice: { ip: CRAWLER } });
    expect(context.messenger.said()).toHaveLength(1);
    expect(shown(context)).toContain(CRAWLER);
    expect(shown(context)).toContain('"slack_file":{"id":"F1"}');
    expect(shown(context)).toContain("6,600 lines = 6,600 parsed");
    expect(context.messenger.files()).toMatchObject([{ name: `web-${investigation.id}.png`, channelId: null }]);
    expect(timelineOf(context)).toEqual([kept?.finding?.verdict]);
    expect(context.logs.closedSlices()).toBe(1);
  });

  it("reads the window and the time before it, of log and metrics alike", async () => {
    const context = jobContext({ requests: crawledTraffic() });

    await run(await asked(context), context);

    const startMs = BUILT_AT_MS - 90 * MINUTE_MS;
    expect(context.metrics.reads).toEqual([
      { startMs, endMs: BUILT_AT_MS },
      { startMs: startMs - 14 * 24 * HOUR_MS, endMs: startMs },
    ]);
  });

  it("holds the log's count of requests against CloudWatch's, but not that of a part of them", async () => {
    const context = jobContext({ requests: crawledTraffic() });
    const startMs = BUILT_AT_MS - 90 * MINUTE_MS;
    const values = Array.from({ length: 90 }, (_, minute) => (minute < 80 ? 50 : 340));
    const sums = { metric: "requests", unit: "count", aggregation: "sum", startMs, stepMs: MINUTE_MS } as const;
    context.metrics.series = [{ ...sums, values }];

    await run(await asked(context), context);
    expect(shown(context)).toMatch(/0 unparsed; log count 8\d(\.\d)? % of CloudWatch's\./);

    const filtered = jobContext({ requests: crawledTraffic() });
    filtered.metrics.series = context.metrics.series;
    await run(await asked(filtered, { filter: { not: { ip: CRAWLER } } }), filtered);
    expect(shown(filtered)).not.toContain("CloudWatch's");
  });

  it("repeats without harm when it runs again", async () => {
    const context = jobContext({ requests: crawledTraffic() });
    const investigation = await asked(context);
    await run(investigation, context);
    const first = await context.store.investigation(investigation.id);

    await run(investigation, context);

    expect(await context.store.investigation(investigation.id)).toEqual(first);
    expect(context.messenger.said()).toHaveLength(1);
    expect(timelineOf(context)).toHaveLength(1);
  });

  it("gives its verdict without a chart where Slack does not take the file", async () => {
    const context = jobContext({ requests: crawledTraffic() });
    const messenger = { ...context.messenger, upload: () => Promise.reject(new Error("no file today")) };
    const investigation = await asked(context);

    await run(investigation, { ...context, messenger });

    expect((await context.store.investigation(investigation.id))?.state).toBe("done");
    expect(shown(context)).toContain(CRAWLER);
    expect(shown(context)).not.toContain("slack_file");
  });

  it("gives its verdict without metrics and capacity where those are away", async () => {
    const context = jobContext({ requests: crawledTraffic() });
    context.metrics.failNext = new UpstreamError("aws-down", "CloudWatch does not answer", { retryable: true });
    context.scaler.failNext = new UpstreamError("aws-down", "Auto Scaling does not answer", { retryable: true });

    await run(await asked(context), context);

    expect(shown(context)).toContain(CRAWLER);
  });

  it("looks at no more than the filter lets through", async () => {
    const context = jobContext({ requests: crawledTraffic() });
    const investigation = await asked(context, { filter: { not: { ip: CRAWLER } } });

    await run(investigation, context);

    const finding = (await context.store.investigation(investigation.id))?.finding;
    expect(finding?.causes[0].kind).toBe("no-anomaly");
    expect(shown(context)).toContain(`Requests without address \`${CRAWLER}\``);
  });

  it("is not begun where its message is not known", async () => {
    const context = jobContext();
    await context.store.createInvestigation(buildInvestigation({ messageTs: null }));

    await run(buildInvestigation(), context);
    await run(buildInvestigation({ id: "nowhere" }), context);

    expect(context.metrics.reads).toEqual([]);
  });
});

describe("an investigation that finds no request", () => {
  it.each([
    ["in an empty log", {}, "No request of web was found in a log in memory for this window."],
    [
      "with its filter",
      { only: { ip: "192.0.2.250" } },
      "No request of web with this filter was found in a log in memory",
    ],
  ])("%s says so, and never that there was no traffic", async (_where, filter, message) => {
    const context = jobContext({ requests: "only" in filter ? crawledTraffic() : [] });
    const investigation = await asked(context, { filter });

    const running = run(investigation, context);

    await expect(running).rejects.toMatchObject({ name: "UserError", code: "logs-empty" });
    await expect(running).rejects.toThrow(message);
    await expect(running).rejects.toThrow("not the same as no traffic");
    expect(context.logs.closedSlices()).toBe(1);
    expect(timelineOf(context)).toEqual([]);
  });

  it.each([
    ["without logs in its configuration", { logs: null }, "web has no `logs` in spillway.yaml"],
    ["without one readable file", { logs: fakeLogReader([], { files: 0 }) }, "No log could be read"],
  ])("%s says that nothing was read", async (_where, ports: { logs: LogReader | null }, message) => {
    const context = jobContext();

    await expect(run(await asked(context), withWeb(context, ports))).rejects.toThrow(message);
  });

  it("says that its service is gone from the configuration", async () => {
    const context = jobContext();

    await expect(run(await asked(context), { ...context, services: {} })).rejects.toMatchObject({
      code: "service-unknown",
    });
  });
});

describe("an investigation that is stopped", () => {
  it("before it read anything, reads nothing", async () => {
    const context = jobContext({ requests: crawledTraffic() });

    await expect(run(await asked(context), context, AbortSignal.abort(new Error("stop")))).rejects.toThrow("stop");

    expect(context.logs.closedSlices()).toBe(0);
  });

  it("after it read the log, closes it", async () => {
    const context = jobContext({ requests: crawledTraffic() });
    const stopping: LogReader = {
      description: "a log that is stopped",
      read: async (request) => ({
        ...(await context.logs.read(request)),
        series: () => Promise.reject(new Error("stopped")),
      }),
    };

    await expect(run(await asked(context), withWeb(context, { logs: stopping }))).rejects.toThrow("stopped");

    expect(context.logs.closedSlices()).toBe(1);
  });

  it("leaves no late progress that would take the place of why it failed", async () => {
    jest.useFakeTimers();
    const context = withWeb(jobContext(), { logs: awayAfterProgress });
    const investigation = await asked(context);

    const error = await run(investigation, context).catch((failure: unknown) => failure);
    await tellFailure({ name: "investigate", payload: { investigationId: investigation.id }, error }, context);
    await jest.advanceTimersByTimeAsync(10_000);

    expect(shown(context)).toContain("S3 does not answer.");
    expect((await context.store.investigation(investigation.id))?.state).toBe("failed");
  });
});

const awayAfterProgress: LogReader = {
  description: "a log that is away",
  read: async ({ onProgress }) => {
    onProgress?.({ filesDone: 1, filesTotal: 2, linesRead: 1, bytesRead: 1, bytesTotal: 2 });
    throw new UpstreamError("aws-down", "S3 does not answer", { retryable: true });
  },
};

describe("the chart of a verdict", () => {
  const result = {
    wholeMinutes: seriesOf(60),
    series: seriesOf(60),
    guilty: seriesOf(60),
    breakdown: buildBreakdown(),
    finding: buildFinding(),
  };

  it("names the guilty by address, else by what it has", async () => {
    const { store } = jobContext();
    const [cause] = buildFinding().causes;
    const chartOf = (slice: Slice) =>
      verdictChart("web", result, buildFinding({ causes: [{ ...cause, slice }] }), store);

    expect((await chartOf({ ip: CRAWLER, userAgent: "Indexer/1.2" })).guiltyLabel).toBe(CRAWLER);
    expect((await chartOf({ userAgent: "Indexer/1.2" })).guiltyLabel).toBe("Indexer/1.2");
    expect((await chartOf({ refererHost: "tv.example" })).guiltyLabel).toBe("tv.example");
    expect(await chartOf({})).not.toHaveProperty("guiltyLabel");
  });

  it("writes what an attacker calls itself as text", async () => {
    const [cause] = buildFinding().causes;
    const finding = buildFinding({ causes: [{ ...cause, slice: { userAgent: "<script>&x" } }] });

    const svg = spikeChartSvg(await verdictChart("web", result, finding, jobContext().store));

    expect(svg).toContain("&lt;script&gt;&amp;x");
    expect(svg).not.toContain("<script>");
  });

  it("marks the blocks that were applied in its time, and no others", async () => {
    const context = jobContext();
    context.clock.set(BUILT_AT_MS - 3 * HOUR_MS);
    await applied(context, { id: "long ago" });
    context.clock.set(BUILT_AT_MS - 20 * MINUTE_MS);
    await applied(context, { id: "in its time", createdMs: BUILT_AT_MS - 25 * MINUTE_MS });
    context.clock.set(BUILT_AT_MS - 10 * MINUTE_MS);
    await applied(context, { id: "two at once", change: blockOf([FLOODER, "203.0.113.78/32"]) });
    await context.store.addBlocks([buildBlock({ id: "x", proposalId: "failed", createdMs: context.clock.now() })]);

    const { annotations } = await verdictChart("web", result, buildFinding(), context.store);

    expect(annotations).toEqual([
      { atMs: BUILT_AT_MS - 20 * MINUTE_MS, label: "Blocked 198.51.100.14" },
      { atMs: BUILT_AT_MS - 10 * MINUTE_MS, label: "Blocked 2 addresses" },
    ]);
  });
});

type Slice = ReturnType<typeof buildFinding>["causes"][0]["slice"];

/** An even hour that ends now. */
function seriesOf(minutes: number): TrafficSeries {
  const even = new Array<number>(minutes).fill(10);
  const startMs = BUILT_AT_MS - minutes * MINUTE_MS;
  return { startMs, stepMs: MINUTE_MS, requests: even, bytes: even, errors: even, clients: even };
}
