import type { TimeWindow } from "../../domain/time-window.ts";
import type { Regularity, TrafficFilter } from "../../domain/traffic.ts";
import { filterCondition, keysOf } from "./condition.ts";
import type { Engine } from "./engine.ts";
import { textsOf } from "./largest.ts";
import { windowOf } from "./scope.ts";

/** Of fewer gaps nothing can be said. */
const MIN_GAPS = 2;

/** Tells how evenly each of some clients spaces its requests. */
export async function queryRegularity(
  engine: Engine,
  question: { window: TimeWindow; filter?: TrafficFilter; clients: readonly string[] },
): Promise<readonly Regularity[]> {
  const keys = (await Promise.all(question.clients.map((client) => keysOf(engine, "ip", client)))).flat();
  if (keys.length === 0 || !engine.relation.columns.has("client")) return [];
  const requests = windowOf(engine, question.window, {
    condition: `client IN (${keys.join(", ")}) AND ${await filterCondition(engine, question.filter)}`,
    columns: ["client"],
  });
  // Whole milliseconds, whose sums are exact: engines differ in how they come by a standard deviation.
  const [found = [], gaps = [], sums = [], squares = []] = await engine.query(`
    SELECT client, CAST(count(gap_ms) AS DOUBLE), sum(gap_ms), sum(gap_ms * gap_ms)
    FROM (
      SELECT client, CAST(arrival_ms - lag(arrival_ms) OVER (PARTITION BY client ORDER BY arrival_ms) AS DOUBLE) AS gap_ms
      FROM ${requests} AS counted
    ) AS spaced
    GROUP BY client
    HAVING count(gap_ms) >= ${MIN_GAPS} AND sum(gap_ms) > 0`);
  const texts = await textsOf(engine, "ip", found);
  const byClient = new Map(
    texts.map((client, row) => [
      client,
      regularityOf(client, Number(gaps[row]), Number(sums[row]), Number(squares[row])),
    ]),
  );
  return [...new Set(question.clients)].flatMap((client) => byClient.get(client) ?? []);
}

function regularityOf(client: string, gaps: number, sumMs: number, squares: number): Regularity {
  const meanMs = sumMs / gaps;
  const deviationMs = Math.sqrt(Math.max(0, squares / gaps - meanMs ** 2));
  return { client, requests: gaps + 1, meanGapSecs: meanMs / 1_000, gapVariation: deviationMs / meanMs };
}
