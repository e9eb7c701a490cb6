import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { splitConcatenatedJson } from "../../../src/logs/formats/concatenated-json.ts";
import { findContainerPrefix, stripContainerPrefix } from "../../../src/logs/formats/container-prefix.ts";
import { OBJECT_FORMATS } from "../../../src/logs/formats/object-formats.ts";
import { OTHER_TEXT_FORMATS } from "../../../src/logs/formats/other-formats.ts";
import type { LogRecord } from "../../../src/logs/record.ts";

const FORMATS = [...OBJECT_FORMATS, ...OTHER_TEXT_FORMATS];

/** What lines of these formats are made of, so that lines at random come near to them. */
const PIECES = [
  ..."{}[]\"\\:,\t |#%-/'",
  ...["- ", ' "', '" ', '","', '":"', "\\x", "%25", "%2520", "%FF", "\uD800", "é", "\0", "__proto__"],
  ...[
    "[2026-10-01T12:00:00.000Z] ",
    "[01/Oct/2026:12:00:00 +0000] ",
    "[01/Oct/2026:12:00:00.000] ",
    "2026-10-01\t12:00:00\t",
  ],
  ...[
    '" 200 - ',
    '" 200 2048 ',
    " 1 2 3 4 ",
    "198.51.100.14:1 ",
    "fe~ be/srv ",
    "0/0/0/0/0 ",
    "12ms",
    "GET / HTTP/1.1",
  ],
  ...[
    "#Fields: ",
    "date time c-ip ",
    "x-edge-location ",
    '"time":"2026-10-01T12:00:00Z",',
    '"httpRequest":{',
    '"headers":[',
  ],
  ...[
    '"name":"Host","value":',
    '"request":{',
    '"ts":1790856000.25,',
    '"client_port":"::1:1"',
    '"status":',
    "1e999",
    "-1",
  ],
  ...["2026-10-01T12:00:00Z stdout F ", "web | ", "Oct  1 12:00:00 lb-1 haproxy[1]: ", '{"log":"', "<134>1 "],
];

const anyLine = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 40 }).map((pieces) => pieces.join("")),
);

/** Such lines are read in tens of ms; squared time would be many seconds. */
const LONG = 100_000;
const MANY_MS = 1000;

function timeOf(work: () => void): number {
  const startMs = performance.now();
  work();
  return performance.now() - startMs;
}

describe.each(FORMATS.map((format) => [format.name, format] as const))("%s", (_, format) => {
  it("throws for no line and gives records of the promised shape", () => {
    fc.assert(
      fc.property(anyLine, fc.array(anyLine, { maxLength: 4 }), (line, head) => {
        format.recognises(line);
        const record = format.open(head).read(line);

        if (record !== null && record !== "header") expectShape(record);
      }),
      { numRuns: 400 },
    );
  });

  it("takes time in proportion to a line's length, whatever it is full of", () => {
    for (const piece of PIECES) {
      const line = piece.repeat(LONG / piece.length);
      const tookMs = timeOf(() => {
        format.recognises(line);
        format.open([line.slice(0, 10_000)]).read(line);
        format.open([]).read(`{"a":"${line}`);
      });

      expect({ piece, isSlow: tookMs > MANY_MS }).toEqual({ piece, isSlow: false });
    }
  });
});

describe("what is done to lines before they are read", () => {
  it("throws for no line", () => {
    fc.assert(
      fc.property(anyLine, (line) => {
        stripContainerPrefix(line);
        findContainerPrefix([line, line]);
        splitConcatenatedJson(line);
      }),
    );
  });

  it("takes time in proportion to a line's length, whatever it is full of", () => {
    for (const piece of PIECES) {
      const line = piece.repeat(LONG / piece.length);
      const tookMs = timeOf(() => {
        stripContainerPrefix(line);
        splitConcatenatedJson(line);
        splitConcatenatedJson(`{"a":1}{${line}`);
      });

      expect({ piece, isSlow: tookMs > MANY_MS }).toEqual({ piece, isSlow: false });
    }
  });
});

function expectShape(record: LogRecord): void {
  const { arrivalMs, completedMs, status, bytes } = record;
  const secs = [record.totalSecs, record.backendSecs, record.connectSecs, record.firstByteSecs, record.bodySecs];
  for (const value of [...secs, record.clientSecs, bytes]) if (value !== null) expect(value).toBeGreaterThanOrEqual(0);
  for (const value of [arrivalMs, completedMs, status, bytes])
    expect(value === null || Number.isSafeInteger(value)).toBe(true);
  for (const text of [record.client, record.path, record.query, record.userAgent, record.host, record.referer]) {
    expect([null, "string"]).toContain(text === null ? null : typeof text);
    expect(text).not.toBe("");
  }
}
