import type { TimeWindow } from "../../../domain/time-window.ts";
import type { Breakdown, Dimension, DimensionBreakdown, TrafficCounts } from "../../../domain/traffic.ts";
import type { LogDatabase, SqlValue } from "./database.ts";
import { DIMENSION_SOURCES, type DimensionSource } from "./dimensions.ts";

export interface BreakdownQuery {
  readonly baseline: TimeWindow;
  readonly spike: TimeWindow;
  readonly condition: string;
  readonly dimensions: readonly Dimension[];
  readonly topN: number;
  readonly countsClients: boolean;
}

/** Counts both windows by every dimension asked for. Windows may overlap; what is in both counts in both. */
export async function queryBreakdown(database: LogDatabase, query: BreakdownQuery): Promise<Breakdown> {
  const scope = scopeOf(query);
  const byClient = `by_client_${nextTable++}`;
  await database.run(`CREATE TABLE ${byClient} AS
    SELECT client, side, ${COUNTED} FROM ${scope} GROUP BY client, side`);
  try {
    const dimensions = [...new Set(query.dimensions)];
    // All at once: they take turns in the engine, while what is already answered is turned into rows here.
    const [[baseline, spike], ...divided] = await Promise.all([
      queryTotals(database, byClient),
      ...dimensions.map(async (name) => {
        const source = DIMENSION_SOURCES[name];
        const sums =
          source.column === "client"
            ? sumsOfClients(byClient, source)
            : sumsOfRequests(scope, source, query.countsClients);
        return toDimensionBreakdown(await database.columns(largestOf(sums, source, query.topN)));
      }),
    ]);
    const by = Object.fromEntries(dimensions.map((name, index) => [name, divided[index]]));
    return { baselineWindow: query.baseline, spikeWindow: query.spike, baseline, spike, by };
  } finally {
    await database.run(`DROP TABLE IF EXISTS ${byClient}`);
  }
}

/** Two breakdowns of one slice may run at the same time. */
let nextTable = 1;

/** The requests of both windows with their side: 0 baseline, 1 spike. Read anew each time: a copy measured slower. */
function scopeOf({ baseline, spike, condition }: BreakdownQuery): string {
  const within = ({ startMs, endMs }: TimeWindow) => `(arrival_ms >= ${startMs} AND arrival_ms < ${endMs})`;
  if (baseline.endMs <= spike.startMs || spike.endMs <= baseline.startMs) {
    return `(SELECT ${within(spike)}::UTINYINT AS side, * FROM requests
      WHERE (${within(baseline)} OR ${within(spike)}) AND ${condition})`;
  }
  const sides = [baseline, spike].map(
    (window, side) => `SELECT ${side}::UTINYINT AS side, * FROM requests WHERE ${within(window)} AND ${condition}`,
  );
  return `(${sides.join(" UNION ALL ")})`;
}

const COUNTED = `count(*) AS requests, coalesce(sum(bytes), 0) AS bytes,
  count(*) FILTER (WHERE status >= 500) AS errors, min(arrival_ms) AS first_ms`;

async function queryTotals(database: LogDatabase, byClient: string): Promise<[TrafficCounts, TrafficCounts]> {
  const [sides = [], ...counts] = await database.columns(`
    SELECT side::INTEGER, sum(requests)::DOUBLE, sum(bytes)::DOUBLE, sum(errors)::DOUBLE, count(client)::DOUBLE
    FROM ${byClient} GROUP BY side`);
  const [requests = [], bytes = [], errors = [], clients = []] = counts;
  function countsOf(side: 0 | 1): TrafficCounts {
    const row = sides.indexOf(side);
    return countsAt(row, { requests, bytes, errors, clients });
  }
  return [countsOf(0), countsOf(1)];
}

/** What is divided by client, or by what is derived from it, need not look at every request again. */
function sumsOfClients(byClient: string, source: DimensionSource): string {
  return `
    SELECT key, side, sum(requests) AS requests, sum(bytes) AS bytes, sum(errors) AS errors, min(first_ms) AS first_ms,
      count(client) AS clients
    FROM ${keyed(byClient, source)} GROUP BY key, side`;
}

function sumsOfRequests(scope: string, source: DimensionSource, countsClients: boolean): string {
  const sums = `SELECT key, side, ${COUNTED} FROM ${keyed(scope, source)} GROUP BY key, side`;
  if (!countsClients) return `SELECT *, 0 AS clients FROM (${sums})`;
  // Clients are counted apart from the rest: distinct pairs and one more grouping measured half the time of count(DISTINCT).
  return `
    SELECT sums.*, coalesce(clients, 0) AS clients FROM (${sums}) AS sums LEFT JOIN (
      SELECT key, side, count(*) AS clients FROM (
        SELECT DISTINCT key, side, client FROM ${keyed(scope, source)} WHERE client IS NOT NULL AND key IS NOT NULL
      ) GROUP BY key, side
    ) AS pairs USING (key, side)`;
}

function keyed(relation: string, { column, link }: DimensionSource): string {
  return link === null
    ? `(SELECT *, ${column} AS key FROM ${relation})`
    : `(SELECT counted.*, link.derived AS key FROM ${relation} AS counted LEFT JOIN ${link} AS link ON link.id = counted.${column})`;
}

function largestOf(sums: string, { dictionary }: DimensionSource, topN: number): string {
  const named =
    dictionary === null
      ? "(SELECT *, key::VARCHAR AS value FROM rows)"
      : `(SELECT rows.*, names.value FROM rows JOIN ${dictionary} AS names ON names.id = rows.key)`;
  const sideBySide = [0, 1].flatMap((side) =>
    ["requests", "bytes", "errors", "clients"].map(
      (count) => `coalesce(sum(${count}) FILTER (WHERE side = ${side}), 0)::DOUBLE AS ${count}_${side}`,
    ),
  );
  const unknown = [0, 1].map(
    (side) => `coalesce(sum(requests) FILTER (WHERE side = ${side}), 0)::DOUBLE AS unknown_${side}`,
  );
  return `
    WITH sums AS MATERIALIZED (${sums}),
    rows AS (
      SELECT key, ${sideBySide.join(", ")}, min(first_ms)::DOUBLE AS first_ms
      FROM sums WHERE key IS NOT NULL GROUP BY key
    ),
    unknown AS (SELECT ${unknown.join(", ")} FROM sums WHERE key IS NULL),
    largest AS (SELECT * FROM ${named} ORDER BY greatest(requests_0, requests_1) DESC, value LIMIT ${topN})
    SELECT value, first_ms, requests_0, bytes_0, errors_0, clients_0, requests_1, bytes_1, errors_1, clients_1,
      (SELECT count(*) FROM rows)::DOUBLE, unknown_0, unknown_1
    FROM unknown LEFT JOIN largest ON true
    ORDER BY requests_1 DESC, requests_0 DESC, value`;
}

function toDimensionBreakdown(columns: readonly SqlValue[][]): DimensionBreakdown {
  const [values = [], firstMs = [], ...counts] = columns;
  const baseline = countColumns(counts.slice(0, 4));
  const spike = countColumns(counts.slice(4, 8));
  const [distinct = [], baselineUnknown = [], spikeUnknown = []] = counts.slice(8);
  const rows = values.flatMap((value, row) => {
    if (value === null) return [];
    return {
      value: String(value),
      baseline: countsAt(row, baseline),
      spike: countsAt(row, spike),
      firstSeenMs: Number(firstMs[row]),
    };
  });
  return {
    rows,
    distinct: Number(distinct[0]),
    unknown: { baselineRequests: Number(baselineUnknown[0]), spikeRequests: Number(spikeUnknown[0]) },
  };
}

type CountColumns = Readonly<Record<keyof TrafficCounts, readonly SqlValue[]>>;

function countColumns([requests = [], bytes = [], errors = [], clients = []]: readonly SqlValue[][]): CountColumns {
  return { requests, bytes, errors, clients };
}

/** Zeros where there is no such row. */
function countsAt(row: number, { requests, bytes, errors, clients }: CountColumns): TrafficCounts {
  return {
    requests: Number(requests[row] ?? 0),
    bytes: Number(bytes[row] ?? 0),
    errors: Number(errors[row] ?? 0),
    clients: Number(clients[row] ?? 0),
  };
}
