import { randomInt } from "node:crypto";
import type { LogFormatSetting } from "../config/log-format.ts";
import type { Dimension, Intake } from "../domain/traffic.ts";
import { UserError } from "../errors.ts";
import type { LogReader, LogReadRequest } from "../ports/log-reader.ts";
import type { LogSlice } from "../ports/log-slice.ts";
import { createClientResolver } from "./client-address.ts";
import { columnsToKeep } from "./columns.ts";
import { LogDatabase } from "./engines/duckdb/database.ts";
import { derivedColumns } from "./engines/duckdb/derived-columns.ts";
import { HeldTexts } from "./engines/duckdb/held-texts.ts";
import { ParquetReader } from "./engines/duckdb/parquet.ts";
import { RequestTable } from "./engines/duckdb/request-table.ts";
import { createSlice } from "./engines/duckdb/slice.ts";
import { explainSpill } from "./engines/duckdb/spill-errors.ts";
import { createDetector } from "./formats/index.ts";
import { summariseIntake } from "./intake.ts";
import { openNetworkOwners } from "./network-owners.ts";
import { createProgress } from "./progress.ts";
import { DIMENSION_COLUMNS, LATENCY_COLUMNS } from "./questions/columns.ts";
import type { Batch } from "./reading/batch.ts";
import { readFiles } from "./reading/read-files.ts";
import type { ReadSettings } from "./reading/reading-context.ts";
import type { LogSource } from "./sources/source.ts";
import { textReader } from "./text-values.ts";

export interface LogReaderOptions {
  readonly source: LogSource;
  readonly format: LogFormatSetting;
  /** Where memory spills to. */
  readonly spillDir: string;
  /** Addresses and networks of proxies whose X-Forwarded-For is believed. */
  readonly trustedProxies?: readonly string[];
  /** The file that says whose networks are whose; without one that is unknown. */
  readonly networkOwners?: string;
  /** What is read before threads of their own are started, in bytes; so much that it pays where it is left out. */
  readonly localBytes?: number;
}

/**
 * Makes the reader of one service's logs: what the source brings, in any mix of formats, packed or not.
 * @throws {UserError} `bad-log-format` for a description of a format that cannot be followed
 */
export function createLogReader(options: LogReaderOptions): LogReader {
  // A mistake in it is to be seen when the service is set up, not at night.
  createDetector(options.format);
  return {
    description: options.source.description,
    read: (request) => readSlice(options, request),
  };
}

async function readSlice(options: LogReaderOptions, request: LogReadRequest): Promise<LogSlice> {
  request.signal?.throwIfAborted();
  // Whatever fails stops all the rest.
  const stop = new AbortController();
  const signal = request.signal === undefined ? stop.signal : AbortSignal.any([stop.signal, request.signal]);
  const progress = createProgress(request.onProgress);
  const fetching = options.source.fetch({ window: request.window, signal, onFetched: progress.onFetched });
  const settings = settingsOf(options, request);
  const take = async (batch: Batch) => {
    const { table } = await opening;
    await table.add(batch);
    progress.onRows(batch.rows);
  };
  const parquet = new ParquetReader({ spillDir: options.spillDir, settings, take, signal });
  const reading = readFiles({
    files: fetching.files,
    settings,
    take,
    readParquet: (task) => parquet.read(task),
    onRead: progress.onRead,
    signal,
    localBytes: options.localBytes,
  }).finally(() => parquet.close());
  // It takes as long as the threads take to start, so both begin at once, the threads first.
  const opening = openTable(options, settings, request);
  try {
    const [read, { database, table, texts }] = await Promise.all([reading, opening]);
    database.heed(signal);
    await table.finish();
    signal.throwIfAborted();
    const lacks = (["status", "bytes"] as const).filter((column) => !table.columns.has(column));
    const intake = { ...summariseIntake(read, { ...fetching.report(), ...(await timesOf(database)) }), lacks };
    if (intake.files === 0) throw noneReadable(options.source, intake.skipped);
    return createSlice({ database, intake, dictionaries: texts, columns: table.columns });
  } catch (error) {
    stop.abort(error);
    await reading.catch(() => {});
    await opening.then(({ database }) => database.close()).catch(() => {});
    request.signal?.throwIfAborted();
    throw explainSpill(error, options.spillDir);
  }
}

interface OpenTable {
  readonly database: LogDatabase;
  readonly table: RequestTable;
  readonly texts: HeldTexts;
}

async function openTable(
  options: LogReaderOptions,
  settings: ReadSettings,
  { dimensions = [] }: LogReadRequest,
): Promise<OpenTable> {
  const ownerOf =
    options.networkOwners === undefined || !dimensions.includes("owner")
      ? null
      : await openNetworkOwners(options.networkOwners);
  const resolveClient = createClientResolver(settings.trustedProxies);
  const database = await LogDatabase.open(options.spillDir);
  const { wanted: columns, queryHashSeed } = settings;
  const wanted = { columns, derived: derivedColumns(dimensions, ownerOf), queryHashSeed };
  const texts = new HeldTexts(database, wanted, (column, escaping) => textReader(column, escaping, resolveClient));
  return { database, table: new RequestTable(database, texts), texts };
}

/** What is derived from a column that is not kept unless it is asked for. */
const FROM_QUERY: readonly Dimension[] = ["queryKeys", "queryShape"];
/** What needs the texts of queries, as their shapes do not. */
const OF_QUERIES: readonly Dimension[] = ["query", "queryKeys"];

function settingsOf({ format, trustedProxies = [] }: LogReaderOptions, request: LogReadRequest): ReadSettings {
  const { window, dimensions = [], latencies = [] } = request;
  const isShapeEnough = dimensions.includes("queryShape") && !dimensions.some((each) => OF_QUERIES.includes(each));
  return {
    format,
    wanted: columnsToKeep([
      ...dimensions.map((dimension) => DIMENSION_COLUMNS[FROM_QUERY.includes(dimension) ? "query" : dimension]),
      ...latencies.map((latency) => LATENCY_COLUMNS[latency]),
    ]),
    ...(isShapeEnough && { queryHashSeed: [randomInt(2 ** 32), randomInt(2 ** 32)] }),
    startMs: window?.startMs ?? 0,
    endMs: window?.endMs ?? Number.MAX_SAFE_INTEGER,
    trustedProxies,
  };
}

async function timesOf(database: LogDatabase): Promise<Pick<Intake, "firstMs" | "lastMs">> {
  const [[first = null] = [], [last = null] = []] = await database.columns(
    "SELECT min(arrival_ms)::DOUBLE, max(arrival_ms)::DOUBLE FROM requests",
  );
  return { firstMs: first === null ? null : Number(first), lastMs: last === null ? null : Number(last) };
}

const REASONS_SHOWN = 5;

function noneReadable({ description }: LogSource, skipped: Intake["skipped"]): UserError {
  const shown = skipped.slice(0, REASONS_SHOWN).map(({ file, reason }) => `${file} ${reason}`);
  const more = skipped.length > shown.length ? `, and ${skipped.length - shown.length} more` : "";
  return new UserError("logs-none-readable", `No log could be read in ${description}: ${shown.join("; ")}${more}.`);
}
