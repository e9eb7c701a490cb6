/** A slice by Athena from lines to answers, where DuckDB runs the SQL that Athena would be sent. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { createLog } from "../../../../src/log.ts";
import type { AthenaPlace } from "../../../../src/logs/engines/athena/place.ts";
import { type AthenaSliceOptions, createAthenaSlice } from "../../../../src/logs/engines/athena/slice.ts";
import { lineTable } from "../../../../src/logs/engines/athena/table.ts";
import { LogDatabase, sqlText } from "../../../../src/logs/engines/duckdb/database.ts";
import { fakeLogReader } from "../../../support/fake-log-reader.ts";
import type { FakeRequest } from "../../../support/fake-request.ts";
import { onDuckDb, pretendTrino } from "../../../support/trino-on-duckdb.ts";

const START_MS = Date.UTC(2026, 9, 1, 12);
const PLACE: AthenaPlace = {
  format: "nginx-combined",
  location: "s3://logs/web/",
  isByDay: true,
  earlyMs: 0,
  lateMs: 0,
  keys: null,
};
const TABLE = lineTable({ service: "web", ...PLACE });
const REQUESTS: readonly FakeRequest[] = Array.from({ length: 120 }, (_, index) => ({
  atMs: START_MS + index * 5_000,
  ip: `198.51.100.${index % 7}`,
  path: `/orders/${index % 11}`,
  status: index % 10 === 0 ? 502 : 200,
  method: "GET",
  bytes: 100 * index,
  userAgent: index > 60 ? "curl/8" : "it's Firefox",
}));

const folder = mkdtempSync(join(tmpdir(), "spillway-test-"));
const client = new AthenaClient({ region: "eu-west-1" });
const athena = mockClient(client);
const queries: string[] = [];
let database: LogDatabase;
beforeAll(async () => {
  database = await LogDatabase.open(folder);
  await pretendTrino(database);
  await database.run(`CREATE TABLE ${TABLE.name} ("$path" VARCHAR, day VARCHAR, line VARCHAR)`);
  const lines = [...REQUESTS.map(combinedLine), "no log line"];
  const rows = lines.map((line) => `('s3://logs/web/a', '2026/10/01', ${sqlText(line)})`);
  await database.run(`INSERT INTO ${TABLE.name} VALUES ${rows.join(", ")}`);
  await database.run(`INSERT INTO ${TABLE.name} VALUES ('s3://logs/web/b', '2026/10/02', 'of another day')`);
});
beforeEach(() => {
  athena.reset();
  queries.length = 0;
  athena.on(StopQueryExecutionCommand).resolves({});
  athena.on(StartQueryExecutionCommand).callsFake(({ QueryString }: { QueryString: string }) => ({
    QueryExecutionId: String(queries.push(QueryString) - 1),
  }));
  athena
    .on(GetQueryExecutionCommand)
    .resolves({ QueryExecution: { Status: { State: "SUCCEEDED" }, Statistics: { DataScannedInBytes: 1e9 } } });
  athena.on(GetQueryResultsCommand).callsFake(async ({ QueryExecutionId }: { QueryExecutionId: string }) => {
    const columns = await database.columns(onDuckDb(queries[Number(QueryExecutionId)] ?? ""));
    const rows = (columns[0] ?? []).map((_, row) => columns.map((cells) => cells[row] ?? null));
    const Rows = [columns.map(() => "a name"), ...rows].map((row) => ({
      Data: row.map((cell) => (cell === null ? {} : { VarCharValue: String(cell) })),
    }));
    return { ResultSet: { Rows } };
  });
});
afterAll(async () => {
  await database.close();
  rmSync(folder, { recursive: true, force: true });
});

function combinedLine({ atMs, ip, path, status, bytes, userAgent }: FakeRequest): string {
  const time = `01/Oct/2026:${new Date(atMs).toISOString().slice(11, 19)} +0000`;
  return `${ip} - - [${time}] "GET ${path} HTTP/1.1" ${status} ${bytes} "-" "${userAgent}"`;
}

function create(options: Partial<AthenaSliceOptions> = {}) {
  return createAthenaSlice({
    service: "web",
    place: PLACE,
    window: { startMs: START_MS, endMs: START_MS + 600_000 },
    logBytes: 5e8,
    bytes: 1e9,
    athena: { client, database: "spillway", workgroup: "primary", outputLocation: null },
    pricePerTb: 5,
    maxUsd: 1,
    log: createLog("silent"),
    ...options,
  });
}

const HALVES = {
  baseline: { startMs: START_MS, endMs: START_MS + 300_000 },
  spike: { startMs: START_MS + 300_000, endMs: START_MS + 600_000 },
};

describe("a slice by Athena", () => {
  it("counts every line of the days it reads, and shows one that it could not read", async () => {
    const { intake } = await create();

    expect(queries[0]).toBe(TABLE.ddl);
    expect(intake).toMatchObject({
      files: 1,
      lines: 121,
      parsed: 120,
      unparsed: 1,
      unparsedSamples: [{ file: "s3://logs/web/a", line: "no log line" }],
      firstMs: START_MS,
      lastMs: START_MS + 119 * 5_000,
      formats: { "nginx-combined": 1 },
    });
  });

  it("answers as counting by hand does", async () => {
    const slice = await create();
    const expected = await fakeLogReader(REQUESTS).read({ window: null });
    const asked = { ...HALVES, filter: { not: { userAgent: "it's Firefox" }, noneOf: { status: ["404", "502"] } } };
    const breakdown = {
      ...asked,
      dimensions: ["ip", "net", "path", "pathTemplate", "userAgent", "status", "cache"] as const,
      topN: 5,
    };

    expect(await slice.breakdown(breakdown)).toEqual(await expected.breakdown(breakdown));
    const series = { window: HALVES.spike, stepMs: 60_000 };
    expect(await slice.series(series)).toEqual(await expected.series(series));
    const pairs = { ...HALVES, dimensions: ["ip", "status"] as const, topN: 4, rankBy: "errors" as const };
    expect(await slice.pairs(pairs)).toEqual(await expected.pairs(pairs));
    expect(await slice.newcomers({ ...HALVES, stepMs: 60_000 })).toEqual(
      await expected.newcomers({ ...HALVES, stepMs: 60_000 }),
    );
  });

  it("reads each line once a question, and no other days", async () => {
    const slice = await create();
    queries.length = 0;

    await slice.breakdown({ ...HALVES, dimensions: ["ip", "path", "status"], topN: 5 });

    expect(queries).toHaveLength(1);
    expect(queries[0]?.match(new RegExp(`FROM ${TABLE.name}`, "g"))).toHaveLength(1);
    expect(queries[0]).toContain("day = '2026/10/01'");
  });

  it("tells the price before anything runs, and runs nothing where it is declined", async () => {
    const told: unknown[] = [];

    const declined = create({
      onEstimate: (estimate) => {
        told.push(estimate);
        return false;
      },
    });

    await expect(declined).rejects.toMatchObject({ code: "athena-declined" });
    expect(told).toEqual([{ logBytes: 5e8, bytes: 1e9, queries: 4, usd: expect.closeTo(0.02, 3), limitUsd: 1 }]);
    expect(queries).toEqual([]);
  });

  it("refuses what would cost too much, at once or with the next question", async () => {
    await expect(create({ bytes: 1e12 })).rejects.toMatchObject({ code: "athena-too-dear" });
    expect(queries).toEqual([]);

    const slice = await create({ maxUsd: 0.021 });
    const ask = () => slice.distinct({ ...HALVES, dimensions: ["ip"] });
    for (let asked = 0; asked < 3; asked += 1) await ask();

    await expect(ask()).rejects.toMatchObject({ code: "athena-too-dear" });
  });

  it("tells with its intake what it has cost so far", async () => {
    const slice = await create();
    await slice.distinct({ ...HALVES, dimensions: ["ip"] });

    expect(slice.intake.athena).toEqual({ queries: 2, scannedBytes: 2e9, usd: expect.closeTo(0.01, 4) });
  });

  it("stops a query that reads more than what is left may buy", async () => {
    athena
      .on(GetQueryExecutionCommand)
      .resolvesOnce({ QueryExecution: { Status: { State: "SUCCEEDED" } } })
      .resolves({ QueryExecution: { Status: { State: "RUNNING" }, Statistics: { DataScannedInBytes: 3e11 } } });

    await expect(create()).rejects.toMatchObject({ code: "athena-too-dear" });

    expect(athena.commandCalls(StopQueryExecutionCommand)).toHaveLength(1);
  });

  it("asks about no other objects than those that would be fetched", async () => {
    const keys = () => [{ prefix: "web/", startAfter: "web/a", endBefore: "web/c" }];

    const created = create({ place: { ...PLACE, keys } });

    await expect(created).rejects.toMatchObject({ code: "logs-none-readable" });
    expect(queries[1]).toContain("(file > 's3://logs/web/a' AND file < 's3://logs/web/c')");
  });

  it("says where nothing could be read", async () => {
    const window = { startMs: Date.UTC(2026, 9, 2), endMs: Date.UTC(2026, 9, 2, 1) };

    await expect(create({ window })).rejects.toMatchObject({ code: "logs-none-readable" });
  });

  it("answers nothing once it is closed", async () => {
    const slice = await create();

    await slice.close();

    await expect(slice.distinct({ ...HALVES, dimensions: ["ip"] })).rejects.toThrow("closed");
  });
});
