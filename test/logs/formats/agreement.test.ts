import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { LogDatabase } from "../../../src/logs/engines/duckdb/database.ts";
import { FORMATS, type KnownFormatName } from "../../../src/logs/formats/index.ts";
import { knownOrNull } from "../../../src/logs/formats/quoted-field.ts";
import { albLine, combinedLine } from "../../support/log-lines.ts";

const field = fc.oneof(
  fc.constantFrom("-", "", "-1", "0", "200", "curl/8.5.0", "a b", 'a"b', '" "', '\\"', "\\", "a?b", "?"),
  fc.string({ unit: fc.constantFrom("a", '"', " ", "\\", "?", "-", ":", "1"), maxLength: 12 }),
);
const request = fc.oneof(
  field,
  fc
    .tuple(fc.constantFrom("GET", "POST", "-", "get", "\\x16"), field, fc.constantFrom("HTTP/1.1", "HTTP/2.0", ""))
    .map((words) => words.join(" ")),
);
const client = fc.oneof(fc.ipV4(), fc.ipV6(), fc.constantFrom("-", "host.example"));
const iso = fc
  .date({ min: new Date("1980-01-01"), max: new Date("2110-01-01"), noInvalidDate: true })
  .map((at) => at.toISOString());

const number = fc.oneof(fc.constantFrom("200", "404", "000", "99", "-", "-1", ""), field);

// Keys are left out at random: what is left out is ordinary.
const albLines = fc
  .record(
    {
      at: iso,
      createdAt: fc.oneof(iso, field),
      client: fc.tuple(client, fc.nat(65_535)).map((parts) => parts.join(":")),
      status: number,
      bytes: number,
      request,
      userAgent: field,
      tail: field,
    },
    { requiredKeys: [] },
  )
  .map(albLine);
const combinedLines = fc
  .record(
    { client, user: field, status: number, bytes: number, request, referer: field, userAgent: field },
    { requiredKeys: [] },
  )
  .map(combinedLine);

const LINES: Readonly<Record<KnownFormatName, fc.Arbitrary<string>>> = {
  alb: albLines,
  "nginx-combined": combinedLines,
  "apache-combined": combinedLines,
  "nginx-combined-xff": fc.tuple(combinedLines, field).map(([line, xff]) => `${line} "${xff}"`),
};

let folder: string;
let database: LogDatabase;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "spillway-test-"));
  database = await LogDatabase.open(folder);
  await database.run("CREATE TABLE lines (file INTEGER, line VARCHAR)");
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What SQL makes of the lines that it takes, `-` and empty read as unknown, as the request table does. */
async function readClean(name: KnownFormatName, lines: readonly string[]): Promise<Map<string, object>> {
  await database.run("DELETE FROM lines");
  await database.append(
    "lines",
    lines.map((line) => [0, line]),
  );
  const columns = [
    "line",
    "arrival_ms::DOUBLE",
    "ip",
    "method",
    "target",
    "host",
    "status::INTEGER",
    "bytes::DOUBLE",
    "user_agent",
    "referer",
  ];
  const [line = [], arrivalMs, ip, method, target, host, status, bytes, userAgent, referer] = await database.columns(
    `SELECT ${columns.join(", ")} FROM (${FORMATS[name].selectClean("lines")}) WHERE is_clean AND arrival_ms BETWEEN 662688000000 AND 4102444799999`,
  );
  const text = (column: readonly unknown[] | undefined, row: number) =>
    knownOrNull((column?.[row] as string | null) ?? undefined);
  const number = (column: readonly unknown[] | undefined, row: number) => {
    const value = column?.[row] as number | null;
    return value !== null && value >= 0 ? value : null;
  };
  return new Map(
    line.map((key, row) => [
      String(key),
      {
        arrivalMs: number(arrivalMs, row),
        ip: text(ip, row),
        method: text(method, row),
        target: text(target, row),
        host: text(host, row),
        status: number(status, row),
        bytes: number(bytes, row),
        userAgent: text(userAgent, row),
        referer: text(referer, row),
      },
    ]),
  );
}

describe.each(Object.keys(LINES) as KnownFormatName[])("the two readers of %s", (name) => {
  it("say the same of every line that SQL takes", async () => {
    const clean = await readClean(name, fc.sample(LINES[name], { numRuns: 5_000, seed: 1 }));

    const differing = [...clean].filter(([line, record]) => !isDeepStrictEqual(FORMATS[name].read(line), record));

    expect(differing.slice(0, 5).map(([line, record]) => [line, record, FORMATS[name].read(line)])).toEqual([]);
    expect(clean.size).toBeGreaterThan(50);
  });

  it("leave hardly any ordinary line to the slow one", async () => {
    const tail = name === "nginx-combined-xff" ? ' "-"' : "";
    const ordinary = Array.from({ length: 20 }, (_, index) =>
      name === "alb"
        ? albLine({ client: `198.51.100.${index}:80` })
        : `${combinedLine({ client: `198.51.100.${index}` })}${tail}`,
    );

    expect((await readClean(name, ordinary)).size).toBe(20);
  });
});
