import { types } from "node:util";
import pg from "pg";
import { UpstreamError } from "../errors.ts";
import type { Log } from "../log.ts";

/** Runs one statement, or several as one transaction, and answers within 2 s or fails. */
export interface Database {
  /** @throws {UpstreamError} `store-down`, `store-busy` */
  query<Row extends object>(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
  /** Rolls back where `work` throws. */
  transaction<Result>(work: (query: Database["query"]) => Promise<Result>): Promise<Result>;
  /** Takes a lock, on a connection of its own with which it would end, and gives what frees it; null where somebody has it. */
  tryLock(name: string): Promise<(() => Promise<void>) | null>;
  close(): Promise<void>;
}

/** Slack gives a command 3 s; half a second each way is left for the answer. */
const ANSWER_WITHIN_MS = 2_000;
const POOL_SIZE = 10;
/**
 * A process that hangs between two statements, or that the network lost, holds what it locked: after this the server ends
 * it, before those who wait give up.
 */
const IDLE_IN_TRANSACTION_MS = 1_500;
/** Our own schema, so that a database shared with others (and with the queue) stays tidy. */
export const SCHEMA = "spillway";

/** Opens a pool that outlives restarts of its server. Connects when first asked. */
export function openDatabase(databaseUrl: string, log: Log): Database {
  const pool = new pg.Pool({
    ...connectionSettings(databaseUrl),
    max: POOL_SIZE,
    connectionTimeoutMillis: ANSWER_WITHIN_MS,
    statement_timeout: ANSWER_WITHIN_MS,
    query_timeout: ANSWER_WITHIN_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
  });
  // Unheard, an idle connection's end would end the process; the pool replaces it by itself.
  // Only the message is logged: the error carries the whole connection with it.
  pool.on("error", (error) => log.warn({ reason: error.message }, "lost an idle database connection"));
  return {
    query: (sql, values) => answerInTime(() => runOn(pool, sql, values)),
    transaction: (work) => answerInTime(() => inTransaction(pool, work)),
    tryLock: (name) => tryLock(pool, name),
    close: () => pool.end(),
  };
}

/** What every connection to the store has in common. */
export function connectionSettings(databaseUrl: string): pg.ClientConfig {
  return {
    connectionString: databaseUrl,
    application_name: "spillway",
    options: `-c search_path=${SCHEMA}`,
    keepAlive: true,
    types: { getTypeParser },
  };
}

async function inTransaction<Result>(
  pool: pg.Pool,
  work: (query: Database["query"]) => Promise<Result>,
): Promise<Result> {
  const client = await pool.connect();
  let broken: Error | undefined;
  // One that is lent out is not the pool's to listen to: its end between two statements would end the process.
  const onError = (error: Error) => {
    broken = error;
  };
  client.on("error", onError);
  try {
    await client.query("BEGIN");
    const result = await work((sql, values) => runOn(client, sql, values));
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch((failure: Error) => {
      broken = failure;
    });
    throw error;
  } finally {
    client.off("error", onError);
    client.release(broken);
  }
}

/** Connecting and asking each have their limit; given up between the two, a lock would be held for ever. */
async function tryLock(pool: pg.Pool, name: string): Promise<(() => Promise<void>) | null> {
  let client: pg.PoolClient;
  try {
    client = await pool.connect();
  } catch (error) {
    throw asStoreError(error);
  }
  let isBroken = false;
  const onError = () => {
    isBroken = true;
  };
  client.on("error", onError);
  const giveBack = (isSpent: boolean) => {
    client.off("error", onError);
    client.release(isSpent || isBroken);
  };
  try {
    const [row] = await runOn<{ readonly is_mine: boolean }>(client, `SELECT pg_try_advisory_lock(${KEY}) AS is_mine`, [
      name,
    ]);
    if (row?.is_mine !== true) {
      giveBack(false);
      return null;
    }
  } catch (error) {
    giveBack(true);
    throw asStoreError(error);
  }
  return async () => {
    const isFreed = await runOn(client, `SELECT pg_advisory_unlock(${KEY})`, [name]).then(
      () => true,
      () => false,
    );
    // With its connection goes a lock that could not be freed.
    giveBack(!isFreed);
  };
}

const KEY = "hashtextextended($1, 0)";

async function runOn<Row extends object>(
  queryable: pg.Pool | pg.PoolClient,
  sql: string,
  values: readonly unknown[] = [],
): Promise<readonly Row[]> {
  const { rows } = await queryable.query<Row>(sql, values.map(storable));
  return rows;
}

/** Logs and people can hold NUL, which no Postgres text can. JSON escapes it by itself. */
function storable(value: unknown): unknown {
  if (typeof value === "string") return value.replaceAll("\0", "\uFFFD");
  return Array.isArray(value) ? value.map(storable) : value;
}

/** Epoch milliseconds stay far below 2^53, so bigint may be a number. */
function getTypeParser(oid: number, format?: "text" | "binary"): (value: string) => unknown {
  return oid === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(oid, format as "text");
}

/** Connecting and asking each have their limit; together they have the same one. */
async function answerInTime<Result>(work: () => Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(storeDown(new Error(`no answer in ${ANSWER_WITHIN_MS} ms`))), ANSWER_WITHIN_MS);
  });
  try {
    return await Promise.race([work(), tooLate]);
  } catch (error) {
    throw asStoreError(error);
  } finally {
    clearTimeout(timer);
  }
}

/** Classes 08 (connection), 53 (resources), 57 (operator intervention, statement timeout); 25P03: idle for too long. */
const DOWN_STATES = /^(08|53|57|25P03)/;
/** Class 40: a deadlock or a serialisation failure; trying again helps. */
const BUSY_STATES = /^40/;
const DOWN_MESSAGES = /connection terminated|timeout expired|timeout exceeded|query read timeout|not queryable/i;

/** Tells what is the database's fault, and may pass, from what is ours. */
export function asStoreError(error: unknown): unknown {
  if (!types.isNativeError(error)) return error;
  if (error instanceof pg.DatabaseError) {
    if (DOWN_STATES.test(error.code ?? "")) return storeDown(error);
    if (!BUSY_STATES.test(error.code ?? "")) return error;
    return new UpstreamError("store-busy", `The database was busy: ${error.message}`, {
      cause: error,
      retryable: true,
    });
  }
  const isSocketError = "syscall" in error || "errors" in error;
  return isSocketError || DOWN_MESSAGES.test(error.message) ? storeDown(error) : error;
}

function storeDown(cause: Error): UpstreamError {
  // One for each address of a host name; their sum has no message of its own.
  const why = "errors" in cause ? String((cause as AggregateError).errors[0]) : cause.message;
  return new UpstreamError("store-down", `The database does not answer: ${why}`, { cause, retryable: true });
}
