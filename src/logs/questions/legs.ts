import { LATENCIES, type Legs, type TrafficFilter, type WindowPair } from "../../domain/traffic.ts";
import { LATENCY_COLUMNS } from "./columns.ts";
import { filterCondition } from "./condition.ts";
import { microsSum } from "./counts.ts";
import { NO_WEB_SOCKET } from "./durations.ts";
import type { Engine } from "./engine.ts";
import { type Side, scopeOf } from "./scope.ts";
import { numberOf } from "./side-rows.ts";

/** Adds up the seconds of each leg that the relation has. */
export async function queryLegs(engine: Engine, question: WindowPair & { filter?: TrafficFilter }): Promise<Legs> {
  const latencies = LATENCIES.filter((latency) => engine.relation.columns.has(LATENCY_COLUMNS[latency]));
  if (latencies.length === 0) return {};
  const columns = latencies.map((latency) => LATENCY_COLUMNS[latency]);
  const scope = scopeOf(engine, question, {
    condition: await filterCondition(engine, question.filter),
    columns: ["status", ...columns],
  });
  const sums = columns.flatMap((column) => [`CAST(count(${column}) AS DOUBLE)`, microsSum(column)]);
  const answer = await engine.query(
    `SELECT ${["side", ...sums].join(", ")} FROM ${scope} AS counted WHERE ${NO_WEB_SOCKET} GROUP BY side`,
  );
  const leg = (index: number, side: Side) => ({
    known: numberOf(answer, side, 1 + 2 * index),
    secs: numberOf(answer, side, 2 + 2 * index) / 1e6,
  });
  return Object.fromEntries(
    latencies.map((latency, index) => [latency, { baseline: leg(index, 0), spike: leg(index, 1) }]),
  );
}
