import type { Latency, LatencyPercentiles, LatencySummary, TrafficFilter, WindowPair } from "../../domain/traffic.ts";
import { LATENCY_COLUMNS } from "./columns.ts";
import { filterCondition } from "./condition.ts";
import type { Cell, Engine } from "./engine.ts";
import { type Side, scopeOf } from "./scope.ts";

/** Summarises how long requests took, in both windows; WebSockets are only counted. */
export async function queryPercentiles(
  engine: Engine,
  question: WindowPair & {
    filter?: TrafficFilter;
    latencies: readonly Latency[];
    percentiles: readonly number[];
  },
): Promise<LatencyPercentiles> {
  const latencies = [...new Set(question.latencies)];
  const { percentiles } = question;
  const columns = latencies.map((latency) => LATENCY_COLUMNS[latency]);
  const scope = scopeOf(engine, question, {
    condition: await filterCondition(engine, question.filter),
    columns: ["status", ...columns],
  });
  const asked = columns.flatMap((column) => [
    `CAST(count(${column}) AS DOUBLE)`,
    ...percentiles.map((percentile) => `CAST(${engine.dialect.percentile(column, percentile)} AS DOUBLE)`),
  ]);
  const masked = columns.map((column) => `CASE WHEN status = 101 THEN NULL ELSE ${column} END AS ${column}`);
  const [sides = [], requests = [], webSockets = [], ...summaries] = await engine.query(`
    SELECT ${["side", "CAST(count(*) AS DOUBLE)", "CAST(count(CASE WHEN status = 101 THEN 1 END) AS DOUBLE)", ...asked].join(", ")}
    FROM (SELECT ${["side", "status", ...masked].join(", ")} FROM ${scope} AS counted) AS durations
    GROUP BY side`);
  const rowOf = (side: Side) => sides.findIndex((each) => Number(each) === side);
  const at = (cells: readonly Cell[] | undefined, side: Side) => cells?.[rowOf(side)] ?? null;

  function summary(index: number, side: Side): LatencySummary {
    const from = index * (percentiles.length + 1);
    const known = summaries[from];
    const others = Number(at(requests, side)) - Number(at(webSockets, side));
    return {
      known: Number(at(known, side)),
      unknown: others - Number(at(known, side)),
      secs: percentiles.map((_, place) => roundedSecs(at(summaries[from + 1 + place], side))),
    };
  }

  return {
    percentiles,
    webSockets: { baseline: Number(at(webSockets, 0)), spike: Number(at(webSockets, 1)) },
    by: Object.fromEntries(
      latencies.map((latency, index) => [latency, { baseline: summary(index, 0), spike: summary(index, 1) }]),
    ),
  };
}

/** Logs are no finer than microseconds; beyond that a FLOAT's digits are noise. */
function roundedSecs(secs: Cell): number | null {
  return secs === null ? null : Math.round(Number(secs) * 1e6) / 1e6;
}
