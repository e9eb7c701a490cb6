/** The table `requests` as a loader fills it, from made-up requests, with dictionaries in memory. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DIMENSIONS, type Dimension } from "../../src/domain/traffic.ts";
import { LogDatabase, type SqlValue } from "../../src/logs/engines/duckdb/database.ts";
import { createSlice } from "../../src/logs/engines/duckdb/slice.ts";
import { DIMENSION_COLUMNS } from "../../src/logs/questions/columns.ts";
import type { Dictionaries, TextDimension } from "../../src/logs/questions/dictionaries.ts";
import type { LogSlice } from "../../src/ports/log-slice.ts";
import { type FakeRequest, valueIn } from "./fake-request.ts";

const NO_INTAKE = {
  files: 0,
  lines: 0,
  parsed: 0,
  recovered: 0,
  unparsed: 0,
  unparsedSamples: [],
  skipped: [],
  firstMs: null,
  lastMs: null,
  formats: {},
  detected: [],
  coverage: null,
  headers: 0,
};

const TEXTS = DIMENSIONS.filter((dimension): dimension is TextDimension => dimension !== "status");

/** Opens a slice of these requests; the table has the columns of the dimensions named and no others. */
export async function openSlice(
  requests: readonly FakeRequest[],
  options: { dimensions?: readonly Dimension[]; hasSecs?: boolean } = {},
): Promise<{ slice: LogSlice; close(): Promise<void> }> {
  const { dimensions = DIMENSIONS, hasSecs = true } = options;
  const dictionaries = new Map(TEXTS.map((dimension) => [dimension, numberValues(requests, dimension)]));
  const texts = TEXTS.filter((dimension) => dimensions.includes(dimension));
  const columns: [string, string, (request: FakeRequest) => SqlValue][] = [
    ["arrival_ms", "BIGINT", ({ atMs }) => atMs],
    ["status", "SMALLINT", ({ status }) => status ?? null],
    ["bytes", "BIGINT", ({ bytes }) => bytes ?? null],
    ...texts.map((dimension): (typeof columns)[number] => [
      DIMENSION_COLUMNS[dimension],
      "INTEGER",
      (request) => idIn(dictionaries.get(dimension), valueIn(request, dimension)),
    ]),
  ];
  if (hasSecs) {
    columns.push(["total_secs", "FLOAT", ({ totalSecs }) => totalSecs ?? null]);
    columns.push(["backend_secs", "FLOAT", ({ backendSecs }) => backendSecs ?? null]);
  }
  const folder = mkdtempSync(join(tmpdir(), "spillway-test-"));
  const database = await LogDatabase.open(folder);
  await database.run(`CREATE TABLE requests (${columns.map(([name, type]) => `${name} ${type}`).join(", ")})`);
  await insert(
    database,
    requests.map((request) => columns.map(([, , cellOf]) => cellOf(request))),
  );
  const slice = createSlice({
    database,
    intake: NO_INTAKE,
    dictionaries: inMemory(dictionaries),
    columns: columns.map(([name]) => name),
  });
  return {
    slice,
    async close() {
      await slice.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function insert(database: LogDatabase, rows: readonly (readonly SqlValue[])[]): Promise<void> {
  if (rows.length === 0) return;
  const literals = rows.map((row) => `(${row.map((value) => (value === null ? "NULL" : String(value))).join(", ")})`);
  await database.run(`INSERT INTO requests VALUES ${literals.join(", ")}`);
}

/** Numbers go by the order of the texts, so that equals are told apart as the fake does. */
function numberValues(requests: readonly FakeRequest[], dimension: Dimension): readonly string[] {
  return [...new Set(requests.flatMap((request) => valueIn(request, dimension) ?? []))].sort();
}

function idIn(values: readonly string[] | undefined, text: string | null): number | null {
  return text === null ? null : (values?.indexOf(text) ?? 0) + 1;
}

function inMemory(dictionaries: ReadonlyMap<TextDimension, readonly string[]>): Dictionaries {
  return {
    countOf: (dimension) => dictionaries.get(dimension)?.length ?? 0,
    valuesOf: async (dimension, ids) => ids.map((id) => dictionaries.get(dimension)?.[id - 1] ?? `no ${id}`),
    idsOf: async (dimension, value) => {
      const index = dictionaries.get(dimension)?.indexOf(value) ?? -1;
      return index < 0 ? [] : [index + 1];
    },
  };
}
