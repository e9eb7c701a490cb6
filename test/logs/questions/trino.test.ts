/** The SQL that Athena is given, run on DuckDB, where macros stand in for the functions that DuckDB has not. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { DIMENSIONS } from "../../../src/domain/traffic.ts";
import { LogDatabase, sqlText } from "../../../src/logs/engines/duckdb/database.ts";
import { DIMENSION_COLUMNS } from "../../../src/logs/questions/columns.ts";
import { TRINO } from "../../../src/logs/questions/dialect.ts";
import type { Columns, Engine } from "../../../src/logs/questions/engine.ts";
import { createQuestions } from "../../../src/logs/questions/questions.ts";
import type { LogSlice } from "../../../src/ports/log-slice.ts";
import { fakeLogReader } from "../../support/fake-log-reader.ts";
import { valueIn } from "../../support/fake-request.ts";
import { itAnswersLikeTheFake } from "../../support/hold-against-fake.ts";
import { REQUESTS, START_MS } from "../../support/random-requests.ts";
import { pretendTrino } from "../../support/trino-on-duckdb.ts";

const folder = mkdtempSync(join(tmpdir(), "spillway-test-"));
const asked: string[] = [];
let database: LogDatabase;
let expected: LogSlice;
beforeAll(async () => {
  database = await LogDatabase.open(folder);
  await pretendTrino(database);
  const texts = DIMENSIONS.filter((dimension) => dimension !== "status");
  const columns = texts.map((dimension) => `${DIMENSION_COLUMNS[dimension]} VARCHAR`);
  await database.run(
    `CREATE TABLE view (arrival_ms BIGINT, status SMALLINT, bytes BIGINT, total_secs DOUBLE, backend_secs DOUBLE, ${columns.join(", ")})`,
  );
  const rows = REQUESTS.map((request) => [
    request.atMs,
    request.status ?? "NULL",
    request.bytes ?? "NULL",
    request.totalSecs ?? "NULL",
    request.backendSecs ?? "NULL",
    ...texts.map((dimension) => {
      const value = valueIn(request, dimension);
      return value === null ? "NULL" : sqlText(value);
    }),
  ]);
  await database.run(`INSERT INTO view VALUES ${rows.map((row) => `(${row.join(", ")})`).join(", ")}`);
  expected = await fakeLogReader(REQUESTS).read({ window: null });
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

const engine: Engine = {
  dialect: TRINO,
  relation: {
    name: "view",
    columns: new Set(["arrival_ms", "bytes", "total_secs", "backend_secs", ...Object.values(DIMENSION_COLUMNS)]),
  },
  async query(sql) {
    asked.push(sql);
    const columns = await database.columns(sql);
    // Athena's results are texts throughout.
    return columns.map((cells) => cells.map((cell) => (cell === null ? null : String(cell)))) as Columns;
  },
  keysOf: async (_, text) => [sqlText(text)],
  textsOf: async (_, keys) => keys.map(String),
};

describe("the SQL for Athena", () => {
  itAnswersLikeTheFake(() => ({ slice: createQuestions(engine), expected }));

  it("reads the requests once, whatever the windows and however many the dimensions", async () => {
    const questions = createQuestions(engine);
    const overlapping = {
      baseline: { startMs: START_MS, endMs: START_MS + 400_000 },
      spike: { startMs: START_MS + 300_000, endMs: START_MS + 600_000 },
    };
    asked.length = 0;

    await questions.breakdown({ ...overlapping, dimensions: DIMENSIONS, topN: 5 });
    await questions.pairs({ ...overlapping, dimensions: ["ip", "path"], topN: 5 });
    await questions.newcomers({ ...overlapping, stepMs: 60_000 });
    await questions.cube({ ...overlapping, values: { ip: ["198.51.100.1"], status: ["502"] }, countsClients: true });
    await questions.legs(overlapping);
    await questions.endings({ ...overlapping, slowSecs: 1, binMs: 500 });
    await questions.repeats({ ...overlapping, withinSecs: 10, by: "userAgent", topN: 5 });
    await questions.retries({ ...overlapping, withinSecs: 10 });

    expect(asked.map((sql) => sql.match(/\bFROM view\b/g)?.length)).toEqual(asked.map(() => 1));
  });

  it("needs nothing that only DuckDB has", async () => {
    const only = /\/\/|::|MATERIALIZED|quantile_|GROUP BY ALL|\bUSING\b|\bEXCLUDE\b/;

    expect(asked.filter((sql) => only.test(sql))).toEqual([]);
  });
});
