import type { TimeWindow } from "../../../domain/time-window.ts";
import type { Breakdown, Dimension, DimensionBreakdown, TrafficCounts } from "../../../domain/traffic.ts";
import type { LogDatabase, SqlValue } from "./database.ts";
import type { DimensionSource } from "./dimensions.ts";

export interface BreakdownQuery {
  readonly baseline: TimeWindow;
  readonly spike: TimeWindow;
  readonly condition: string;
  readonly dimensions: readonly Dimension[];
  readonly topN: number;
}

/** Counts both windows by every dimension asked for. Windows may overlap; what is in both counts in both. */
export async function queryBreakdown(
  database: LogDatabase,
  sourceOf: (dimension: Dimension) => Promise<DimensionSource>,
  query: BreakdownQuery,
): Promise<Breakdown> {
  const scope = `scope_${nextScope++}`;
  await database.run(
    `CREATE TEMP TABLE ${scope} AS ${inWindow(0, query.baseline)} UNION ALL ${inWindow(1, query.spike)}`,
  );
  try {
    const dimensions = [...new Set(query.dimensions)];
    // All at once: they take turns in the engine, while what is derived or already answered is worked on here.
    const [[baseline, spike], ...divided] = await Promise.all([
      queryTotals(database, scope),
      ...dimensions.map(async (name) => queryDimension(database, scope, await sourceOf(name), query.topN)),
    ]);
    const by = Object.fromEntries(dimensions.map((name, index) => [name, divided[index]]));
    return { baselineWindow: query.baseline, spikeWindow: query.spike, baseline, spike, by };
  } finally {
    await database.run(`DROP TABLE IF EXISTS ${scope}`);
  }

  function inWindow(side: 0 | 1, window: TimeWindow): string {
    return `SELECT ${side}::UTINYINT AS side, * FROM requests
      WHERE arrival_ms >= ${window.startMs} AND arrival_ms < ${window.endMs} AND ${query.condition}`;
  }
}

/** Two breakdowns of one slice may run at the same time. */
let nextScope = 1;

async function queryTotals(database: LogDatabase, scope: string): Promise<[TrafficCounts, TrafficCounts]> {
  const columns = await database.columns(`
    SELECT side::INTEGER, count(*)::DOUBLE, coalesce(sum(bytes), 0)::DOUBLE,
      (count(*) FILTER (WHERE status >= 500))::DOUBLE, count(DISTINCT client)::DOUBLE
    FROM ${scope} GROUP BY side`);
  function countsOf(side: 0 | 1): TrafficCounts {
    const row = columns[0]?.indexOf(side) ?? -1;
    return row === -1 ? { requests: 0, bytes: 0, errors: 0, clients: 0 } : toCounts(columns.slice(1), row);
  }
  return [countsOf(0), countsOf(1)];
}

async function queryDimension(
  database: LogDatabase,
  scope: string,
  source: DimensionSource,
  topN: number,
): Promise<DimensionBreakdown> {
  const keyed =
    source.link === null
      ? `SELECT *, ${source.column} AS key FROM ${scope}`
      : `SELECT scope.*, link.derived AS key FROM ${scope} AS scope LEFT JOIN ${source.link} AS link ON link.id = scope.${source.column}`;
  const named =
    source.dictionary === null
      ? "(SELECT *, key::VARCHAR AS value FROM rows)"
      : `(SELECT rows.*, names.value FROM rows JOIN ${source.dictionary} AS names ON names.id = rows.key)`;
  // Clients are counted apart from the rest: distinct pairs and one more grouping measured half the time of count(DISTINCT).
  const columns = await database.columns(`
    WITH keyed AS NOT MATERIALIZED (${keyed}),
    sums AS (
      SELECT key, side, count(*) AS requests, coalesce(sum(bytes), 0) AS bytes,
        count(*) FILTER (WHERE status >= 500) AS errors, min(arrival_ms) AS first_ms
      FROM keyed GROUP BY key, side
    ),
    pairs AS (
      SELECT key, side, count(*) AS clients
      FROM (SELECT DISTINCT key, side, client FROM keyed WHERE client IS NOT NULL AND key IS NOT NULL) GROUP BY key, side
    ),
    rows AS (
      SELECT key, ${[0, 1].flatMap((side) =>
        ["requests", "bytes", "errors", "clients"].map(
          (count) => `coalesce(sum(${count}) FILTER (WHERE side = ${side}), 0)::DOUBLE AS ${count}_${side}`,
        ),
      )}, min(first_ms)::DOUBLE AS first_ms
      FROM sums LEFT JOIN pairs USING (key, side) WHERE key IS NOT NULL GROUP BY key
    ),
    unknown AS (SELECT ${[0, 1].map((side) => `coalesce(sum(requests) FILTER (WHERE side = ${side}), 0)::DOUBLE AS unknown_${side}`)} FROM sums WHERE key IS NULL),
    largest AS (SELECT * FROM ${named} ORDER BY greatest(requests_0, requests_1) DESC, value LIMIT ${topN})
    SELECT requests_0, bytes_0, errors_0, clients_0, requests_1, bytes_1, errors_1, clients_1, value, first_ms,
      (SELECT count(*) FROM rows)::DOUBLE, unknown_0, unknown_1
    FROM unknown LEFT JOIN largest ON true
    ORDER BY requests_1 DESC, requests_0 DESC, value`);
  return toDimensionBreakdown(columns);
}

function toDimensionBreakdown(columns: readonly SqlValue[][]): DimensionBreakdown {
  const [values = [], firstMs = [], distinct = [], baselineUnknown = [], spikeUnknown = []] = columns.slice(8);
  const rows = values.flatMap((value, row) =>
    value === null
      ? []
      : [
          {
            value: String(value),
            baseline: toCounts(columns.slice(0, 4), row),
            spike: toCounts(columns.slice(4, 8), row),
            firstSeenMs: Number(firstMs[row]),
          },
        ],
  );
  return {
    rows,
    distinct: Number(distinct[0]),
    unknown: { baselineRequests: Number(baselineUnknown[0]), spikeRequests: Number(spikeUnknown[0]) },
  };
}

function toCounts(columns: readonly SqlValue[][], row: number): TrafficCounts {
  const [requests, bytes, errors, clients] = columns.map((column) => Number(column[row] ?? 0));
  return { requests: requests ?? 0, bytes: bytes ?? 0, errors: errors ?? 0, clients: clients ?? 0 };
}
