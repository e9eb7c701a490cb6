import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { createCustomFormat } from "../../../src/logs/formats/custom-format.ts";
import type { LogFormat } from "../../../src/logs/formats/format.ts";
import { TEXT_FORMATS } from "../../../src/logs/formats/text-formats.ts";
import type { LogRecord } from "../../../src/logs/record.ts";
import { albLine, combinedLine, s3Line } from "../../support/log-lines.ts";

const CLB =
  '2026-10-01T12:00:00.500000Z my-lb 198.51.100.14:4711 10.0.0.7:80 0.01 0.02 0.03 200 200 0 29 "GET http://a.example:80/ HTTP/1.1" "curl/8.5.0" - TLSv1.2';

/** A line of each, and the fields that a cut line may end with, where half a value cannot be told from a whole one. */
const LINES: readonly (readonly [name: string, line: string, mayEndIn?: readonly (keyof LogRecord)[]])[] = [
  ["alb", albLine({ createdAt: "2026-10-01T12:00:00.459000Z" })],
  ["s3-access", s3Line(), ["tls"]],
  ["clb", CLB, ["tls"]],
  ["nginx-combined", combinedLine()],
  ["nginx-combined-xff", `${combinedLine()} "203.0.113.9"`],
  ["nginx-timing", `${combinedLine()} rt=0.300 uct="0.004" uht="0.104" urt="0.204"`],
  ["ingress-nginx", `${combinedLine()} 512 0.010 [a-80] [] 10.0.0.1:80 120 0.004 200 0123`],
  ["apache-combined", combinedLine({ client: "pool-7.isp.example", bytes: "-" })],
  ["apache-vhost-combined", `shop.example:443 ${combinedLine()}`],
];

function formatOf(name: string): LogFormat {
  const format = TEXT_FORMATS.find((candidate) => candidate.name === name);
  if (format === undefined) throw new Error(`no format ${name}`);
  return format;
}

function essence(record: LogRecord | "header" | null) {
  if (record === null || record === "header") return null;
  return { timeMs: record.completedMs ?? record.arrivalMs, client: record.client, status: record.status };
}

describe.each(LINES)("a line of %s", (name, line, mayEndIn = []) => {
  const { read } = formatOf(name).open([line]);
  const whole = read(line) as LogRecord;

  it("keeps its time, client and status wherever a stray quote stands", () => {
    const places = Array.from({ length: line.length + 1 }, (_, at) => at);

    const changed = places.filter((at) => {
      const damaged = essence(read(`${line.slice(0, at)}"${line.slice(at)}`));
      return JSON.stringify(damaged) !== JSON.stringify(essence(whole));
    });

    expect(changed.map((at) => `${line.slice(0, at)}"${line.slice(at)}`)).toEqual([]);
  });

  it("keeps them wherever an escaped quote or a quote and a blank stand in the request or behind it", () => {
    const places = Array.from({ length: line.length - line.indexOf("GET ") }, (_, at) => line.indexOf("GET ") + at);

    const changed = places.flatMap((at) =>
      ['\\"', '" ']
        .map((stray) => `${line.slice(0, at)}${stray}${line.slice(at)}`)
        .filter((damaged) => essence(read(damaged))?.client !== whole.client),
    );

    expect(changed).toEqual([]);
  });

  it("tells nothing else where it is cut", () => {
    const untold = new Set<string>(["arrivalMs", "completedMs", ...mayEndIn]);
    const wrong: string[] = [];
    for (let end = 0; end < line.length; end += 1) {
      const cut = read(line.slice(0, end)) as LogRecord | null;
      for (const [key, value] of Object.entries(cut ?? {})) {
        if (!untold.has(key) && value !== null && value !== whole[key as keyof LogRecord])
          wrong.push(line.slice(0, end));
      }
    }

    expect(wrong).toEqual([]);
  });

  it("is read wherever it is cut behind its time and its client", () => {
    const known = line.indexOf(' "GET');

    const lost = Array.from({ length: line.length - known }, (_, index) => line.slice(0, known + index)).filter(
      (cut) => essence(read(cut))?.client !== whole.client,
    );

    expect(lost).toEqual([]);
  });
});

describe("every format", () => {
  const formats = [
    ...TEXT_FORMATS,
    createCustomFormat({
      nginx: '{"at":"$time_iso8601","ip":"$remote_addr","url":"$request_uri","ua":"$http_user_agent"}',
    }),
    createCustomFormat({ apache: "%h %u %t %m %U %>s %b" }),
  ];
  const alphabet = fc.constantFrom("a", '"', " ", "\\", "?", "-", ":", "1", "[", "]", ",", "\0", "é", "\uD800", "\r");
  const anything = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.string({ unit: alphabet, maxLength: 80 }),
    fc
      .tuple(
        fc.constantFrom(...LINES.map(([, line]) => line)),
        fc.nat(400),
        fc.nat(20),
        fc.string({ unit: alphabet, maxLength: 20 }),
      )
      .map(([line, at, gone, put]) => line.slice(0, at) + put + line.slice(at + gone)),
  );

  it.each(formats.map((format) => [format.name, format] as const))(
    "of %s reads any line or says null",
    (_name, format) => {
      const { read } = format.open([]);

      fc.assert(
        fc.property(anything, (line) => {
          const record = read(line);
          return (
            record === null ||
            (record !== "header" && Number.isInteger(record.arrivalMs) && typeof format.recognises(line) === "boolean")
          );
        }),
        { numRuns: 400 },
      );
    },
  );

  it.each(formats.map((format) => [format.name, format] as const))(
    "of %s is done soon with what attackers send",
    (_name, format) => {
      const { read } = format.open([]);
      const long = 50_000;
      const evil = ['"', '" ', ' "', "\\", '\\"', " ", " [", '" "', ", ", " : ", "a:1 ", "%", "\\x", "[", "1"].flatMap(
        (unit) => {
          const filler = unit.repeat(long / unit.length);
          return [
            filler,
            combinedLine({ request: filler }),
            albLine({ userAgent: filler }),
            s3Line({ userAgent: filler }),
            combinedLine({ user: filler }),
          ];
        },
      );

      const startedAt = performance.now();
      for (const line of evil) read(line);

      // 75 lines of 50 kB take some 3 ms each; a way that is not in proportion to the length takes minutes.
      expect(performance.now() - startedAt).toBeLessThan(5_000);
    },
  );

  it("is done soon with many quotes behind what the format knows", () => {
    const { read } = formatOf("nginx-combined-xff").open([]);
    const line = `${combinedLine()} ${'" "'.repeat(60_000)}`;

    const startedAt = performance.now();
    const record = read(line);

    // Some 20 ms; to count the quotes of each end that is tried took 17 s.
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect(record).toMatchObject({ status: 200 });
  });
});
