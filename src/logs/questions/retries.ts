import type { RepeatCounts, TrafficFilter, WindowPair } from "../../domain/traffic.ts";
import { filterCondition } from "./condition.ts";
import type { Engine } from "./engine.ts";
import { repeatCounts } from "./repeats.ts";
import { type Side, scopeOf } from "./scope.ts";
import { numberOf } from "./side-rows.ts";

/** What makes programs ask again: errors, too many requests, timeouts, and their own (499 and 460, see `apdex.ts`). */
const FAILED = "(status >= 500 OR status IN (408, 429, 460, 499))";

/** Counts requests that follow a failed one of the same client for the same path. */
export async function queryRetries(
  engine: Engine,
  question: WindowPair & { filter?: TrafficFilter; withinSecs: number },
): Promise<{ readonly baseline: RepeatCounts; readonly spike: RepeatCounts }> {
  const scope = scopeOf(engine, question, {
    condition: await filterCondition(engine, question.filter),
    columns: ["client", "path", "status"],
  });
  const withinMs = Math.round(question.withinSecs * 1_000);
  // Of requests at one moment the failed ones come first: which of them came first a log by seconds cannot tell.
  const answer = await engine.query(`
    SELECT side, CAST(count(*) AS DOUBLE), CAST(count(CASE WHEN arrival_ms - failed_ms <= ${withinMs} THEN 1 END) AS DOUBLE)
    FROM (
      SELECT side, arrival_ms, max(CASE WHEN is_failed = 1 THEN arrival_ms END) OVER (
        PARTITION BY side, client, path ORDER BY arrival_ms, is_failed DESC
        ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS failed_ms
      FROM (
        SELECT side, arrival_ms, client, path, CASE WHEN ${FAILED} THEN 1 ELSE 0 END AS is_failed
        FROM ${scope} AS counted WHERE client IS NOT NULL AND path IS NOT NULL
      ) AS known
    ) AS followed
    GROUP BY side`);
  const countsOf = (side: Side) => repeatCounts(numberOf(answer, side, 1), numberOf(answer, side, 2));
  return { baseline: countsOf(0), spike: countsOf(1) };
}
