import {
  AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { runQuery, runStatement } from "../../../../src/logs/engines/athena/run-query.ts";

const client = new AthenaClient({ region: "eu-west-1" });
const athena = mockClient(client);
const waits: number[] = [];
const place = {
  client,
  database: "spillway",
  workgroup: "primary",
  outputLocation: "s3://results/",
  wait: async (ms: number, signal: AbortSignal) => {
    waits.push(ms);
    signal.throwIfAborted();
  },
};
const NEVER = new AbortController().signal;

function states(...states: readonly ("QUEUED" | "RUNNING" | "SUCCEEDED" | "FAILED" | "CANCELLED")[]): void {
  const looks = states.values();
  athena.on(GetQueryExecutionCommand).callsFake(() => {
    const State = looks.next().value ?? states.at(-1);
    return {
      QueryExecution: {
        Status: { State, StateChangeReason: "because", AthenaError: { Retryable: true } },
        Statistics: { DataScannedInBytes: 123 },
      },
    };
  });
}

beforeEach(() => {
  athena.reset();
  waits.length = 0;
  athena.on(StartQueryExecutionCommand).resolves({ QueryExecutionId: "q1" });
  athena.on(StopQueryExecutionCommand).resolves({});
});

describe("a query in Athena", () => {
  it("is looked at less and less often, and gives its pages by columns without the names", async () => {
    states("QUEUED", "RUNNING", "RUNNING", "SUCCEEDED");
    const row = (...texts: (string | undefined)[]) => ({
      Data: texts.map((text) => (text === undefined ? {} : { VarCharValue: text })),
    });
    athena
      .on(GetQueryResultsCommand, { NextToken: undefined })
      .resolves({ ResultSet: { Rows: [row("a", "b"), row("1", undefined)] }, NextToken: "more" })
      .on(GetQueryResultsCommand, { NextToken: "more" })
      .resolves({ ResultSet: { Rows: [row("2", "")] } });

    const result = await runQuery("SELECT 1", place, { signal: NEVER });

    expect(result).toEqual({
      columns: [
        ["1", "2"],
        [null, ""],
      ],
      scannedBytes: 123,
    });
    expect(waits).toEqual([250, 375, 562.5]);
    expect(athena.commandCalls(StartQueryExecutionCommand)[0]?.args[0].input).toMatchObject({
      QueryString: "SELECT 1",
      WorkGroup: "primary",
      QueryExecutionContext: { Database: "spillway" },
      ResultConfiguration: { OutputLocation: "s3://results/" },
    });
  });

  it("says why it failed, and whether to try again", async () => {
    states("FAILED");

    await expect(runQuery("SELECT", place, { signal: NEVER })).rejects.toMatchObject({
      code: "athena-query-failed",
      retryable: true,
      message: expect.stringContaining("because"),
    });
  });

  it("says that somebody else, or its workgroup, cancelled it", async () => {
    states("RUNNING", "CANCELLED");

    await expect(runQuery("SELECT 1", place, { signal: NEVER })).rejects.toMatchObject({
      code: "athena-query-cancelled",
      retryable: false,
    });
    expect(athena.commandCalls(StopQueryExecutionCommand)).toHaveLength(0);
  });

  it("is stopped where the asker gives up", async () => {
    states("RUNNING");
    const asker = new AbortController();
    const giveUp = async (_ms: number, signal: AbortSignal) => {
      asker.abort(new Error("enough"));
      signal.throwIfAborted();
    };

    await expect(runQuery("SELECT 1", { ...place, wait: giveUp }, { signal: asker.signal })).rejects.toThrow("enough");

    expect(athena.commandCalls(StopQueryExecutionCommand)[0]?.args[0].input).toEqual({ QueryExecutionId: "q1" });
  });

  it("is not started for an asker who gave up before", async () => {
    await expect(runQuery("SELECT 1", place, { signal: AbortSignal.abort(new Error("enough")) })).rejects.toThrow(
      "enough",
    );

    expect(athena.calls()).toHaveLength(0);
  });

  it("is retryable where AWS throttles", async () => {
    const error = Object.assign(new Error("Rate exceeded"), {
      name: "TooManyRequestsException",
      $metadata: { httpStatusCode: 400 },
    });
    athena.on(StartQueryExecutionCommand).rejects(error);

    await expect(runQuery("SELECT 1", place, { signal: NEVER })).rejects.toMatchObject({
      code: "aws-throttled",
      retryable: true,
    });
  });

  it("reads no result of a statement", async () => {
    states("SUCCEEDED");

    await runStatement("CREATE EXTERNAL TABLE", { ...place, outputLocation: null }, NEVER);

    expect(athena.commandCalls(GetQueryResultsCommand)).toHaveLength(0);
    expect(athena.commandCalls(StartQueryExecutionCommand)[0]?.args[0].input).not.toHaveProperty("ResultConfiguration");
  });
});
