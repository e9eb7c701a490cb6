import type { TimeWindow } from "../../domain/time-window.ts";
import type { Newcomers, TrafficFilter, WindowPair } from "../../domain/traffic.ts";
import { DIMENSION_COLUMNS } from "./columns.ts";
import { filterCondition } from "./condition.ts";
import type { Engine } from "./engine.ts";
import { scopeOf } from "./scope.ts";
import { spreadOverSteps } from "./series.ts";

/** Tells new clients, or networks of them, from those that were there before, and when each was first seen. */
export async function queryNewcomers(
  engine: Engine,
  question: WindowPair & { filter?: TrafficFilter; stepMs: number; dimension?: "ip" | "net" },
): Promise<Newcomers> {
  const { stepMs, dimension = "ip" } = question;
  const column = DIMENSION_COLUMNS[dimension];
  const { startMs, endMs } = extentOf(question);
  const scope = scopeOf(engine, question, {
    condition: await filterCondition(engine, question.filter),
    columns: [column],
  });
  const step = engine.dialect.quotient(`first_ms - ${startMs}`, stepMs);
  const [steps = [], clients = [], ...sums] = await engine.query(`
    SELECT CAST(${step} AS INTEGER) AS step, CAST(count(*) AS DOUBLE),
      CAST(sum(in_baseline) AS DOUBLE), CAST(sum(in_spike) AS DOUBLE), CAST(sum(in_baseline * in_spike) AS DOUBLE),
      CAST(sum((1 - in_baseline) * spike_requests) AS DOUBLE), CAST(sum(in_baseline * spike_requests) AS DOUBLE)
    FROM (
      SELECT ${column}, min(arrival_ms) AS first_ms, max(CASE WHEN side = 0 THEN 1 ELSE 0 END) AS in_baseline,
        max(side) AS in_spike, count(CASE WHEN side = 1 THEN 1 END) AS spike_requests
      FROM ${scope} AS counted WHERE ${column} IS NOT NULL GROUP BY ${column}
    ) AS seen
    GROUP BY 1`);
  const total = (index: number) => (sums[index] ?? []).reduce<number>((sum, value) => sum + Number(value), 0);
  return {
    clients: { baseline: total(0), spike: total(1), both: total(2) },
    spikeRequests: { newcomers: total(3), returning: total(4) },
    firstSeen: { startMs, stepMs, clients: spreadOverSteps(steps, clients, Math.ceil((endMs - startMs) / stepMs)) },
  };
}

/** From the earlier start to the later end; an empty window has neither. */
function extentOf({ baseline, spike }: WindowPair): TimeWindow {
  const filled = [baseline, spike].filter(({ startMs, endMs }) => startMs < endMs);
  if (filled.length === 0) return { startMs: spike.startMs, endMs: spike.startMs };
  return {
    startMs: Math.min(...filled.map(({ startMs }) => startMs)),
    endMs: Math.max(...filled.map(({ endMs }) => endMs)),
  };
}
