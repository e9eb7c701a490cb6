import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { DIMENSIONS, type Dimension, type TrafficFilter } from "../../src/domain/traffic.ts";
import type { LogSlice } from "../../src/ports.ts";
import { type FakeRequest, fakeLogReader } from "../support/fake-log-reader.ts";
import { albLine } from "../support/log-lines.ts";
import { createLogFolder, type LogFolder } from "../support/read-logs.ts";

const START_MS = Date.UTC(2026, 9, 1, 12);
const AGENTS = ["curl/8.5.0", "Mozilla/5.0 (X11) Firefox/140.0", "", "-", "O'Brien \\x22bot\\x22"];
const PATHS = ["/", "/orders/1", "/orders/2", "/orders/2/items/77", "/about", "/%D9%84"];
const CLIENTS = ["198.51.100.1", "198.51.100.2", "203.0.113.9", "2001:db8::1", "2001:db8:0:ffff::2", "2001:db8:1::1"];

const requests = fc.sample(
  fc.record({
    second: fc.nat(599),
    ip: fc.constantFrom(...CLIENTS),
    userAgent: fc.constantFrom(...AGENTS),
    path: fc.constantFrom(...PATHS),
    host: fc.constantFrom("a.example", "B.example"),
    status: fc.constantFrom("200", "404", "502", "-"),
    bytes: fc.constantFrom("0", "-", "1000", "999999999"),
    method: fc.constantFrom("GET", "POST", "PROPPATCH"),
  }),
  { numRuns: 600, seed: 7 },
);

const known = (text: string) => (text === "" || text === "-" ? undefined : text);
const model: readonly FakeRequest[] = requests.map(({ second, ip, userAgent, path, host, status, bytes, method }) => ({
  atMs: START_MS + second * 1_000,
  ip,
  path,
  host: host.toLowerCase(),
  method,
  ...(known(userAgent) === undefined ? {} : { userAgent }),
  ...(known(status) === undefined ? {} : { status: Number(status) }),
  ...(known(bytes) === undefined ? {} : { bytes: Number(bytes) }),
}));
const lines = requests.map(({ second, ip, userAgent, path, host, status, bytes, method }) =>
  albLine({
    createdAt: new Date(START_MS + second * 1_000).toISOString(),
    client: `${ip}:4711`,
    request: `${method} https://${host}:443${path}?q=1 HTTP/2.0`,
    userAgent,
    status,
    bytes,
  }),
);

let folder: LogFolder;
let slice: LogSlice;
let expected: LogSlice;
beforeAll(async () => {
  folder = createLogFolder();
  folder.write("alb.log", `${lines.join("\n")}\n`);
  slice = await folder.read();
  expected = await fakeLogReader(model).read({ window: null });
});
afterAll(() => folder.remove());

const window = fc
  .tuple(fc.integer({ min: -60, max: 660 }), fc.integer({ min: 0, max: 400 }))
  .map(([start, length]) => ({ startMs: START_MS + start * 1_000, endMs: START_MS + (start + length) * 1_000 }));
const value = fc.constantFrom(
  ...CLIENTS,
  "198.51.100.0/24",
  "2001:db8::/48",
  ...AGENTS,
  ...PATHS,
  "/orders/{id}",
  "a.example",
  "200",
  "502",
  "GET",
  "'; DROP TABLE requests; --",
  "nobody",
);
const values = fc.dictionary(fc.constantFrom(...DIMENSIONS), value, { maxKeys: 2 }) as fc.Arbitrary<
  Partial<Record<Dimension, string>>
>;
const filter: fc.Arbitrary<TrafficFilter> = fc.record({ only: values, not: values });

describe("questions to a slice", () => {
  it("gives the same breakdown as counting by hand, for any windows and filter", async () => {
    await fc.assert(
      fc.asyncProperty(
        window,
        window,
        filter,
        fc.integer({ min: 1, max: 8 }),
        async (baseline, spike, narrowed, topN) => {
          const question = { baseline, spike, filter: narrowed, dimensions: DIMENSIONS, topN };

          expect(await slice.breakdown(question)).toEqual(await expected.breakdown(question));
        },
      ),
      { numRuns: 25 },
    );
  });

  it("gives the same series as counting by hand, with zeros where nothing was", async () => {
    await fc.assert(
      fc.asyncProperty(window, filter, fc.constantFrom(1_000, 7_000, 60_000), async (asked, narrowed, stepMs) => {
        const question = { window: asked, stepMs, filter: narrowed };

        expect(await slice.series(question)).toEqual(await expected.series(question));
      }),
      { numRuns: 40 },
    );
  });

  it("answers several questions at the same time", async () => {
    const question = {
      baseline: { startMs: START_MS, endMs: START_MS + 300_000 },
      spike: { startMs: START_MS + 300_000, endMs: START_MS + 600_000 },
      dimensions: ["net", "pathTemplate"] as const,
      topN: 5,
    };

    const answers = await Promise.all([1, 2, 3].map(() => slice.breakdown(question)));

    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  it("knows no host, referer or number that the log does not give", async () => {
    const { by } = await slice.breakdown({
      baseline: { startMs: 0, endMs: 0 },
      spike: { startMs: START_MS, endMs: START_MS + 600_000 },
      dimensions: ["referer", "refererHost", "status"],
      topN: 5,
    });

    expect(by.referer).toEqual({ rows: [], distinct: 0, unknown: { baselineRequests: 0, spikeRequests: 600 } });
    expect(by.status?.unknown.spikeRequests).toBe(requests.filter(({ status }) => status === "-").length);
  });
});
