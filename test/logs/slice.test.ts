import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { LogSlice } from "../../src/ports/log-slice.ts";
import { fakeLogReader } from "../support/fake-log-reader.ts";
import { itAnswersLikeTheFake } from "../support/hold-against-fake.ts";
import { REQUESTS, START_MS } from "../support/random-requests.ts";
import { openSlice } from "../support/request-table.ts";

const HALVES = {
  baseline: { startMs: START_MS, endMs: START_MS + 300_000 },
  spike: { startMs: START_MS + 300_000, endMs: START_MS + 600_000 },
};

let opened: Awaited<ReturnType<typeof openSlice>>;
let bare: Awaited<ReturnType<typeof openSlice>>;
let expected: LogSlice;
beforeAll(async () => {
  opened = await openSlice(REQUESTS);
  bare = await openSlice(REQUESTS, { dimensions: ["ip"], hasSecs: false });
  expected = await fakeLogReader(REQUESTS).read({ window: null });
});
afterAll(async () => {
  await opened.close();
  await bare.close();
});

describe("questions to a slice", () => {
  itAnswersLikeTheFake(() => ({ slice: opened.slice, expected }));

  it("answers several questions at the same time", async () => {
    const question = { ...HALVES, dimensions: ["net", "pathTemplate"] as const, topN: 5 };

    const answers = await Promise.all([1, 2, 3].map(() => opened.slice.breakdown(question)));

    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  it("gives one cell of all requests where no dimension is named", async () => {
    const { cells } = await opened.slice.cube({ ...HALVES, values: {}, countsClients: true });
    const { baseline, spike } = await expected.breakdown({ ...HALVES, dimensions: [], topN: 1 });

    expect(cells).toEqual([{ values: [], baseline, spike }]);
  });

  it("counts no clients of the dimensions that nobody looks at, and those of the others", async () => {
    const all = await opened.slice.breakdown({ ...HALVES, dimensions: ["path", "host"], topN: 9 });
    const some = await opened.slice.breakdown({
      ...HALVES,
      dimensions: ["path", "host"],
      topN: 9,
      countsClients: ["path"],
    });

    expect(some.by.path).toEqual(all.by.path);
    expect(some.by.host?.rows.map(({ spike }) => spike.clients)).toEqual([0, 0]);
    expect(some.spike).toEqual(all.spike);
  });
});

describe("questions about what the log does not give", () => {
  it("knows no value, and counts every request as unknown", async () => {
    const { by, spike } = await bare.slice.breakdown({ ...HALVES, dimensions: ["referer", "query", "ip"], topN: 5 });

    expect(by.query).toEqual({
      rows: [],
      distinct: 0,
      unknown: {
        baselineRequests: REQUESTS.filter(({ atMs }) => atMs < HALVES.spike.startMs).length,
        spikeRequests: spike.requests,
      },
    });
    expect(by.referer?.unknown.spikeRequests).toBe(spike.requests);
    expect(by.ip?.distinct).toBe(6);
    expect(spike).toMatchObject({ backendSecs: null, cacheMisses: null });
  });

  it("finds nothing by a value of it, and everything without that value", async () => {
    const window = { startMs: START_MS, endMs: START_MS + 600_000 };

    const only = await bare.slice.series({ window, stepMs: 600_000, filter: { only: { path: "/" } } });
    const not = await bare.slice.series({ window, stepMs: 600_000, filter: { not: { path: "/" } } });

    expect(only.requests).toEqual([0]);
    expect(not.requests).toEqual([REQUESTS.length]);
  });

  it("gives no percentile, no repeat and no pair", async () => {
    const { by } = await bare.slice.percentiles({ ...HALVES, latencies: ["total"], percentiles: [0.5] });
    const repeats = await bare.slice.repeats({ ...HALVES, withinSecs: 10 });
    const pairs = await bare.slice.pairs({ ...HALVES, dimensions: ["ip", "path"], topN: 5 });

    expect(by.total?.spike).toMatchObject({ known: 0, secs: [null] });
    expect(repeats).toEqual({
      comparesQuery: false,
      baseline: { requests: 0, repeats: 0, share: null },
      spike: { requests: 0, repeats: 0, share: null },
      gapsSecs: { baseline: new Array(11).fill(0), spike: new Array(11).fill(0) },
      rows: [],
    });
    expect(pairs).toMatchObject({ rows: [], distinct: 0 });
  });

  it("gives no duration, and no cell but the one of all others", async () => {
    const asked = { ...HALVES, withinSecs: 10 };

    expect(await bare.slice.legs(asked)).toEqual({});
    expect(await bare.slice.apdex({ ...asked, thresholdSecs: 0.5 })).toBeNull();
    expect(await bare.slice.histogram({ ...asked, leg: "total", edgesSecs: [1] })).toMatchObject({ spike: [0, 0] });
    expect(await bare.slice.endings({ ...asked, slowSecs: 0, binMs: 1_000 })).toMatchObject({ spike: { slow: 0 } });
    expect(await bare.slice.retries(asked)).toMatchObject({ spike: { requests: 0, share: null } });
    expect(await bare.slice.repeats({ ...asked, by: "path", topN: 5 })).toMatchObject({ rows: [] });
    const { cells } = await bare.slice.cube({ ...asked, values: { path: ["/"] } });
    expect(cells.map(({ values }) => values)).toEqual([[null]]);
    expect(await bare.slice.series({ window: HALVES.spike, stepMs: 300_000 })).not.toHaveProperty("totalSecs");
  });
});
