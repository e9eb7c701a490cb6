import type { RepeatCounts, Repeats, TrafficFilter, WindowPair } from "../../domain/traffic.ts";
import type { RequestColumn } from "./columns.ts";
import { filterCondition } from "./condition.ts";
import type { Engine } from "./engine.ts";
import { type Side, scopeOf } from "./scope.ts";

const SAME: readonly RequestColumn[] = ["client", "path", "query"];

/** Counts requests that follow one of the same client for the same thing; sorts each window once. */
export async function queryRepeats(
  engine: Engine,
  question: WindowPair & { filter?: TrafficFilter; withinSecs: number },
): Promise<Repeats> {
  const comparesQuery = engine.relation.columns.has("query");
  const same = SAME.slice(0, comparesQuery ? 3 : 2);
  const scope = scopeOf(engine, question, {
    condition: await filterCondition(engine, question.filter),
    columns: same,
  });
  const withinMs = Math.round(question.withinSecs * 1_000);
  const [sides = [], requests = [], repeats = []] = await engine.query(`
    SELECT side, CAST(count(*) AS DOUBLE) AS requests,
      CAST(count(CASE WHEN arrival_ms - before_ms <= ${withinMs} THEN 1 END) AS DOUBLE) AS repeats
    FROM (
      SELECT side, arrival_ms,
        lag(arrival_ms) OVER (PARTITION BY ${["side", ...same].join(", ")} ORDER BY arrival_ms) AS before_ms
      FROM ${scope} AS counted WHERE client IS NOT NULL AND path IS NOT NULL
    ) AS followed
    GROUP BY side`);

  function countsOf(side: Side): RepeatCounts {
    const row = sides.findIndex((each) => Number(each) === side);
    const all = Number(requests[row] ?? 0);
    const repeated = Number(repeats[row] ?? 0);
    return { requests: all, repeats: repeated, share: all === 0 ? null : repeated / all };
  }

  return { comparesQuery, baseline: countsOf(0), spike: countsOf(1) };
}
