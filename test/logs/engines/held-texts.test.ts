import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { columnsToKeep } from "../../../src/logs/columns.ts";
import { LogDatabase } from "../../../src/logs/engines/duckdb/database.ts";
import { derivedColumns } from "../../../src/logs/engines/duckdb/derived-columns.ts";
import { HeldTexts } from "../../../src/logs/engines/duckdb/held-texts.ts";
import { RequestTable } from "../../../src/logs/engines/duckdb/request-table.ts";
import { createSlice } from "../../../src/logs/engines/duckdb/slice.ts";
import { summariseIntake } from "../../../src/logs/intake.ts";
import { createRecordCollector } from "../../../src/logs/reading/record-batch.ts";
import { emptyRecord, type LogRecord } from "../../../src/logs/record.ts";
import type { LogSlice } from "../../../src/ports/log-slice.ts";

const START_MS = Date.UTC(2026, 9, 1, 12);
const ALL = columnsToKeep(["query"]);
const WINDOWS = {
  baseline: { startMs: START_MS, endMs: START_MS + 50_000 },
  spike: { startMs: START_MS + 50_000, endMs: START_MS + 100_000 },
};
const DIMENSIONS = [
  "ip",
  "net",
  "userAgent",
  "path",
  "pathTemplate",
  "queryKeys",
  "queryShape",
  "subnet",
  "wideNet",
  "refererHost",
] as const;

const record: fc.Arbitrary<LogRecord> = fc
  .record({
    second: fc.nat(99),
    client: fc.nat(9),
    path: fc.constantFrom("/", "/a", "/b", "/c/1", "/c/2", "/d/77/e", "/\u0001x", "/ü", "/'quoted'"),
    query: fc.option(fc.constantFrom("a=1", "b=2", "a=1&b=3", "c")),
    userAgent: fc.option(fc.constantFrom("curl/8", "wget", "Firefox", "a\0b")),
    referer: fc.option(fc.constantFrom("https://one.example/x", "https://two.example/y", "nonsense")),
  })
  .map(({ second, client, ...known }) => ({
    ...emptyRecord(START_MS + second * 1_000),
    ...known,
    client: `198.51.${client}.7`,
    status: 200,
  }));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "spillway-test-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Fills a table by two readers whose batches are given at once, holding no more than so many texts of a column. */
async function openSlice(batches: readonly (readonly LogRecord[])[], texts: number): Promise<LogSlice> {
  const database = await LogDatabase.open(folder);
  const held = new HeldTexts(
    database,
    { columns: ALL, derived: derivedColumns(DIMENSIONS, null) },
    () => (raw) => raw,
    {
      texts,
      chars: 1_000,
    },
  );
  const table = new RequestTable(database, held);
  const collectors = ["one", "two"].map((name) => createRecordCollector(name, new Set(ALL)));
  await Promise.all(
    batches.map(async (records, index) => {
      const collector = collectors[index % 2] as (typeof collectors)[number];
      for (const each of records) collector.add(each);
      const batch = collector.take();
      if (batch !== null) await table.add(batch);
    }),
  );
  await table.finish();
  const intake = summariseIntake([], { skipped: [], coverage: null, firstMs: null, lastMs: null });
  return createSlice({ database, intake, dictionaries: held, columns: table.columns });
}

async function answersOf(slice: LogSlice): Promise<unknown> {
  const { by, ...totals } = await slice.breakdown({ ...WINDOWS, dimensions: DIMENSIONS, topN: 1_000 });
  const only = await slice.breakdown({
    ...WINDOWS,
    dimensions: ["path"],
    topN: 1_000,
    filter: { only: { path: "/c/2" }, not: { userAgent: "wget" } },
  });
  return { by, totals, only };
}

describe("texts that are too many to be held", () => {
  it("give the same answers from the database", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(record, { minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 0, max: 4 }),
        async (batches, texts) => {
          const [few, all] = await Promise.all([openSlice(batches, texts), openSlice(batches, 1_000)]);
          try {
            expect(await answersOf(few)).toEqual(await answersOf(all));
          } finally {
            await Promise.all([few.close(), all.close()]);
          }
        },
      ),
      { numRuns: 25 },
    );
  }, 60_000);
});
