import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import {
  type AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  type QueryExecution,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { callAws } from "../../../aws.ts";
import { UpstreamError, UserError } from "../../../errors.ts";
import type { Cell, Columns } from "../../questions/engine.ts";

export interface QueryPlace {
  readonly client: AthenaClient;
  readonly database: string;
  readonly workgroup: string;
  /** Where results are put; null where the workgroup says it. */
  readonly outputLocation: string | null;
  /** Waits between looks; for tests. */
  readonly wait?: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

export interface QueryResult {
  readonly columns: Columns;
  readonly scannedBytes: number;
}

const FIRST_LOOK_MS = 250;
const LAST_LOOK_MS = 4_000;
const SLOWER = 1.5;

/** When a query is not worth its end any more. */
export interface QueryLimits {
  readonly signal: AbortSignal;
  /** Is asked at each look; throws where the query is to be stopped. */
  readonly check?: (scannedBytes: number) => void;
}

/**
 * Runs a query to its end and gives its result; stops it where the asker gives up, or what it reads is too much.
 *
 * @throws {UpstreamError} `athena-query-failed`, `athena-query-cancelled`, or what AWS answered
 */
export async function runQuery(sql: string, place: QueryPlace, limits: QueryLimits): Promise<QueryResult> {
  const { signal } = limits;
  return run(sql, place, limits, async (execution, id) => ({
    columns: await readResults(id, place.client, signal),
    scannedBytes: execution.Statistics?.DataScannedInBytes ?? 0,
  }));
}

/** Runs a statement that gives nothing, such as one that makes a table, to its end. */
export async function runStatement(sql: string, place: QueryPlace, signal: AbortSignal): Promise<void> {
  await run(sql, place, { signal }, async () => undefined);
}

async function run<Result>(
  sql: string,
  place: QueryPlace,
  limits: QueryLimits,
  read: (execution: QueryExecution, id: string) => Promise<Result>,
): Promise<Result> {
  const { signal } = limits;
  signal.throwIfAborted();
  const id = await start(sql, place);
  try {
    return await read(await untilEnded(id, place, limits), id);
  } catch (error) {
    if (signal.aborted || error instanceof UserError) await stop(id, place.client);
    signal.throwIfAborted();
    throw error;
  }
}

async function start(sql: string, { client, database, workgroup, outputLocation }: QueryPlace): Promise<string> {
  const { QueryExecutionId: id = "" } = await callAws(
    { doing: "start a query in Athena", permission: "athena:StartQueryExecution" },
    () =>
      client.send(
        new StartQueryExecutionCommand({
          QueryString: sql,
          // The SDK may send it twice, which must not run it twice.
          ClientRequestToken: randomUUID(),
          QueryExecutionContext: { Database: database },
          WorkGroup: workgroup,
          ...(outputLocation !== null && { ResultConfiguration: { OutputLocation: outputLocation } }),
        }),
      ),
  );
  return id;
}

async function untilEnded(id: string, place: QueryPlace, { signal, check }: QueryLimits): Promise<QueryExecution> {
  const wait = place.wait ?? ((ms, until) => delay(ms, undefined, { signal: until }));
  for (let pauseMs = FIRST_LOOK_MS; ; pauseMs = Math.min(LAST_LOOK_MS, pauseMs * SLOWER)) {
    const { QueryExecution: execution = {} } = await callAws(
      { doing: "look at a query in Athena", permission: "athena:GetQueryExecution" },
      () => place.client.send(new GetQueryExecutionCommand({ QueryExecutionId: id }), { abortSignal: signal }),
    );
    const { State, StateChangeReason: reason = "no reason given", AthenaError } = execution.Status ?? {};
    if (State === "SUCCEEDED") return execution;
    if (State === "FAILED") {
      const retryable = AthenaError?.Retryable ?? false;
      throw new UpstreamError("athena-query-failed", `Athena could not run a query: ${reason}`, { retryable });
    }
    if (State === "CANCELLED") {
      const message = `A query in Athena was cancelled: ${reason}. Its workgroup may limit how much a query reads.`;
      throw new UpstreamError("athena-query-cancelled", message, { retryable: false });
    }
    check?.(execution.Statistics?.DataScannedInBytes ?? 0);
    await wait(pauseMs, signal);
  }
}

/** Gives the columns of a result; the first row of a SELECT's names them. */
async function readResults(id: string, client: AthenaClient, signal: AbortSignal): Promise<Columns> {
  const columns: Cell[][] = [];
  let token: string | undefined;
  let isFirst = true;
  do {
    const { ResultSet, NextToken } = await callAws(
      { doing: "read a result of Athena", permission: "athena:GetQueryResults" },
      () =>
        client.send(new GetQueryResultsCommand({ QueryExecutionId: id, MaxResults: 1_000, NextToken: token }), {
          abortSignal: signal,
        }),
    );
    for (const { Data: cells = [] } of (ResultSet?.Rows ?? []).slice(isFirst ? 1 : 0)) {
      cells.forEach(({ VarCharValue: text }, index) => {
        columns[index] ??= [];
        // A cell without a text is null; an empty one has an empty text.
        columns[index].push(text ?? null);
      });
    }
    isFirst = false;
    token = NextToken;
  } while (token !== undefined);
  return columns;
}

/** What cannot be stopped ends by itself, at the asker's cost; that is no failure of theirs. */
async function stop(id: string, client: AthenaClient): Promise<void> {
  await client.send(new StopQueryExecutionCommand({ QueryExecutionId: id })).catch(() => undefined);
}
