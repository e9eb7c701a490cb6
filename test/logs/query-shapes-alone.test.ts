/** Where nothing but the shapes of queries is asked for, their texts are not kept; the answers are the same. */
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { LogSlice } from "../../src/ports/log-slice.ts";
import { albLine } from "../support/log-lines.ts";
import { createLogFolder, type LogFolder } from "../support/read-logs.ts";

const START_MS = Date.UTC(2026, 9, 1, 20, 0, 0);
const WINDOWS = {
  baseline: { startMs: START_MS, endMs: START_MS },
  spike: { startMs: START_MS, endMs: START_MS + 3_600_000 },
};

let folder: LogFolder;

beforeAll(() => {
  folder = createLogFolder();
});
afterAll(() => folder.remove());

describe("reading for the shapes of queries alone", () => {
  it("gives the shapes and the repeats that reading their texts gives, whatever the queries", async () => {
    let file = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.keys(LINES)),
        fc.array(queries(), { minLength: 1, maxLength: 200, size: "max" }),
        fc.array(fc.record({ again: fc.nat(), client: fc.integer({ min: 1, max: 2 }), isOdd: fc.boolean() }), {
          minLength: 200,
          maxLength: 200,
        }),
        async (format, asked, repeated) => {
          const line = LINES[format] as (typeof LINES)[string];
          const requests = [
            ...asked.map((query) => ({ query, client: 3, isOdd: false })),
            ...repeated.map((request) => ({ ...request, query: asked[request.again % asked.length] as string })),
          ];
          const lines = requests.map((request, index) => line(request, START_MS + 20 * index));
          file += 1;
          const path = folder.write(`${file}.log`, `${HEADERS[format] ?? ""}${lines.join("\n")}\n`);
          const alone = await folder.read({ paths: [path], dimensions: ["queryShape"] });
          const whole = await folder.read({ paths: [path], dimensions: ["queryShape", "query"] });

          expect(await answers(alone)).toEqual(await answers(whole));
        },
      ),
      { numRuns: 8 },
    );
  }, 30_000);

  it("keeps no text of a query", async () => {
    const path = folder.write(
      "kept.log",
      `${LINES["alb"]?.({ query: "page=7", client: 1, isOdd: false }, START_MS)}\n`,
    );

    const slice = await folder.read({ paths: [path], dimensions: ["queryShape"] });

    const breakdown = await slice.breakdown({ ...WINDOWS, dimensions: ["query", "queryShape"], topN: 5 });
    expect(breakdown.by.query?.rows).toEqual([]);
    expect(breakdown.by.queryShape?.rows).toMatchObject([{ value: "page" }]);
  });
});

async function answers(slice: LogSlice) {
  const { by } = await slice.breakdown({ ...WINDOWS, dimensions: ["queryShape"], topN: 1_000 });
  return { by, repeats: await slice.repeats({ ...WINDOWS, withinSecs: 2, by: "ip", topN: 10 }) };
}

interface Request {
  readonly query: string;
  readonly client: number;
  /** The line is left to the reader that takes its time. */
  readonly isOdd: boolean;
}

const HEADERS: Readonly<Record<string, string>> = {
  cloudfront:
    "#Version: 1.0\n#Fields: date time c-ip cs-method cs(Host) cs-uri-stem sc-status cs-uri-query sc-bytes cs(User-Agent) x-edge-location\n",
};

/** Lines that differ in how they escape. */
const LINES: Readonly<Record<string, (request: Request, atMs: number) => string>> = {
  alb({ query, client, isOdd }, atMs) {
    const escaped = query.replace(/["\\]|[^ -~]/g, escapeHex);
    return albLine({
      client: `203.0.113.${client}:4711`,
      at: new Date(atMs).toISOString(),
      createdAt: new Date(atMs).toISOString(),
      request: `GET https://shop.example:443/search?${escaped} HTTP/1.1`,
      userAgent: isOdd ? "\\x41" : "curl/8",
    });
  },
  cloudfront({ query, client }, atMs) {
    const [date, time] = new Date(atMs).toISOString().slice(0, 19).split("T");
    const escaped = encodeURI(query) || "-";
    return [date, time, `203.0.113.${client}`, "GET", "x.test", "/search", 200, escaped, 5, "curl/8", "FRA2"].join(
      "\t",
    );
  },
};

function escapeHex(text: string): string {
  return [...Buffer.from(text)].map((byte) => `\\x${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
}

/** Few enough names and values that some come again. */
function queries(): fc.Arbitrary<string> {
  const parameter = fc.oneof(
    fc.tuple(name(), value()).map(([left, right]) => `${left}=${right}`),
    name(),
    value(),
    fc.constantFrom("", "=", "-", "a=b=c", "%3D", "ü=ö", 'q="x"', "back\\slash", "%2B"),
  );
  return fc.array(parameter, { minLength: 1, maxLength: 45 }).map((parts) => parts.join("&"));
}

function name(): fc.Arbitrary<string> {
  return fc.constantFrom("q", "page", "utm_source", "a1a1a1a1", "9X2bT7fLkQ", "1696154400123");
}

function value(): fc.Arbitrary<string> {
  return fc.oneof(
    fc.constantFrom(
      "1",
      "0.8374650912",
      "-12345678",
      "1.234567",
      ".1234567",
      "12.34.5678901",
      "deadbeef",
      "DeadBeef0",
      "-",
      "",
    ),
    fc.constantFrom("123e4567-e89b-12d3-a456-426614174000", "123e4567-e89b-12d3-a456-42661417400g", "red+shoes"),
    fc.constantFrom("11111111-1111-1111-1111-111111111111", "11111111-1111-1111-1111a111111111111"),
    fc.constantFrom("q9X2bT7fLk", "q9X2bT7f%2BLk", "q9X2bT7f%20Lk", "iPhone15ProMax", "summerSale2026", "aB1aB1aB1aB1"),
    fc.string({ unit: fc.constantFrom(..."aZ09xX_-~.=+/"), minLength: 6, maxLength: 12 }),
    fc.string({ unit: fc.constantFrom(..."0123456789abcdefABCDEF-."), minLength: 6, maxLength: 40 }),
  );
}
