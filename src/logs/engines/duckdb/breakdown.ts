import type { Breakdown, Dimension, TrafficCounts } from "../../../domain/traffic.ts";
import { toBreakdown, totalsOf } from "../../questions/breakdown.ts";
import { DIMENSION_COLUMNS } from "../../questions/columns.ts";
import { COUNT_COLUMNS, SUMS_OF_SUMS, sidesBeside, sumsOf } from "../../questions/counts.ts";
import type { Dictionaries } from "../../questions/dictionaries.ts";
import { dimensionBreakdown } from "../../questions/dimension-rows.ts";
import type { Engine } from "../../questions/engine.ts";
import { largestOf, readLargest, sumsBySide } from "../../questions/largest.ts";
import {
  type BreakdownQuestion,
  type PreparedBreakdown,
  prepareBreakdown,
} from "../../questions/prepared-breakdown.ts";
import type { LogDatabase } from "./database.ts";
import { fewValued } from "./few-valued.ts";

/**
 * Counts both windows by every dimension asked for. Dimensions that follow from the client come from one grouping, and
 * so do those of few values together; each other one takes a scan: reading is nearly free here, and one query for all of
 * them (GROUPING SETS) measured 1.5 times as long.
 */
export function breakdownIn(
  database: LogDatabase,
  dictionaries: Dictionaries,
): (engine: Engine, question: BreakdownQuestion) => Promise<Breakdown> {
  return async (engine, question) => {
    const prepared = await prepareBreakdown(engine, question);
    const place = nextPlace++;
    const ofClients = prepared.dimensions.filter((dimension) => OF_CLIENTS.has(dimension));
    const few = fewValued(
      prepared.dimensions.filter((dimension) => !OF_CLIENTS.has(dimension) && !prepared.countsClientsOf(dimension)),
      dictionaries,
    );
    const byClient = { table: `by_client_${place}`, dimensions: ["ip" as const, ...ofClients] };
    const byFew = { table: `by_few_${place}`, dimensions: few };
    try {
      await Promise.all([byClient, byFew].map((cells) => database.run(cellsOf(prepared, cells))));
      // All at once: they take turns in the engine, while what is already answered is turned into rows here.
      const [totals, ...divided] = await Promise.all([
        queryTotals(engine, byClient.table),
        ...prepared.dimensions.map((dimension) =>
          divide(engine, prepared, dimension, sumsOfDimension(engine, prepared, dimension, [byClient, byFew])),
        ),
      ]);
      return toBreakdown(prepared, totals, prepared.dimensions, divided);
    } finally {
      for (const { table } of [byClient, byFew]) await database.run(`DROP TABLE IF EXISTS ${table}`);
    }
  };
}

/** Two breakdowns of one slice may run at the same time. */
let nextPlace = 1;

/** What a client's address says by itself. */
const OF_CLIENTS: ReadonlySet<Dimension> = new Set(["ip", "net", "subnet", "wideNet"]);

/** Sums of requests that are alike in several dimensions. */
interface Cells {
  readonly table: string;
  readonly dimensions: readonly Dimension[];
}

function cellsOf({ scope, misses }: PreparedBreakdown, { table, dimensions }: Cells): string {
  const columns = [...new Set(dimensions)].map((dimension) => DIMENSION_COLUMNS[dimension]);
  const keys = [...columns, "side"].join(", ");
  return `CREATE TABLE ${table} AS SELECT ${keys}, ${sumsOf(misses)} FROM ${scope(columns)} AS counted GROUP BY ${keys}`;
}

async function queryTotals(engine: Engine, byClient: string): Promise<[TrafficCounts, TrafficCounts]> {
  return totalsOf(
    await engine.query(`
      SELECT ${COUNT_COLUMNS.join(", ")} FROM (SELECT ${sidesBeside()} FROM (
        SELECT side, ${SUMS_OF_SUMS}, count(client) AS clients FROM ${byClient} GROUP BY side
      ) AS by_side) AS beside`),
  );
}

function sumsOfDimension(
  engine: Engine,
  { scope, misses, countsClientsOf }: PreparedBreakdown,
  dimension: Dimension,
  [byClient, byFew]: readonly [Cells, Cells],
): string {
  const key = DIMENSION_COLUMNS[dimension];
  const ofCells = ({ table }: Cells, clients: string) =>
    `SELECT ${key} AS key_0, side, ${SUMS_OF_SUMS}, ${clients} AS clients FROM ${table} GROUP BY 1, 2`;
  if (byClient.dimensions.includes(dimension))
    return ofCells(byClient, countsClientsOf(dimension) ? "count(client)" : "0");
  if (byFew.dimensions.includes(dimension)) return ofCells(byFew, "0");
  return sumsBySide(engine, { scope: scope([key]), keys: [key], misses, countsClients: countsClientsOf(dimension) });
}

async function divide(engine: Engine, { topN, rankBy }: PreparedBreakdown, dimension: Dimension, sums: string) {
  const columns = await engine.query(largestOf(sums, { keys: 1, rankBy, topN }));
  return dimensionBreakdown(engine, readLargest(columns, { keys: 1, topN }), { dimension, rankBy });
}
