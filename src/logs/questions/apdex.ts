import type { ApdexCounts, TrafficFilter, WindowPair } from "../../domain/traffic.ts";
import { filterCondition } from "./condition.ts";
import { microsOf, NO_WEB_SOCKET, toMicros } from "./durations.ts";
import type { Engine } from "./engine.ts";
import { type Side, scopeOf } from "./scope.ts";
import { numberOf } from "./side-rows.ts";

/** Clients that left before the answer: nginx's status for it, and a load balancer's. */
const ABANDONED = "status IN (499, 460)";

/**
 * Counts who is content, by the total seconds of requests.
 * @source https://www.apdex.org, Apdex Technical Specification 1.1
 */
export async function queryApdex(
  engine: Engine,
  question: WindowPair & { filter?: TrafficFilter; thresholdSecs: number },
): Promise<{ readonly baseline: ApdexCounts; readonly spike: ApdexCounts } | null> {
  const { thresholdSecs } = question;
  const scope = scopeOf(engine, question, {
    condition: await filterCondition(engine, question.filter),
    columns: ["status", "total_secs"],
  });
  const micros = microsOf("total_secs");
  // Load balancers give no seconds with most errors, whose judgement needs none.
  const outcome = `CASE WHEN status >= 500 THEN 'failed' WHEN ${ABANDONED} THEN 'abandoned'
    WHEN ${micros} <= ${toMicros(thresholdSecs)} THEN 'satisfied' WHEN ${micros} <= ${toMicros(4 * thresholdSecs)} THEN 'tolerating'
    WHEN total_secs IS NOT NULL THEN 'slow' END`;
  const count = (name: string) => `CAST(count(CASE WHEN outcome = '${name}' THEN 1 END) AS DOUBLE)`;
  const outcomes = ["satisfied", "tolerating", "slow", "failed", "abandoned"].map(count);
  const answer = await engine.query(`
    SELECT ${["side", "CAST(count(total_secs) AS DOUBLE)", ...outcomes].join(", ")}
    FROM (SELECT side, total_secs, ${outcome} AS outcome FROM ${scope} AS counted WHERE ${NO_WEB_SOCKET}) AS judged
    GROUP BY side`);

  function countsOf(side: Side): ApdexCounts {
    const [satisfied = 0, tolerating = 0, slow = 0, failed = 0, abandoned = 0] = outcomes.map((_, index) =>
      numberOf(answer, side, 2 + index),
    );
    return { satisfied, tolerating, frustrated: slow + failed + abandoned, failed, abandoned };
  }

  const isKnown = numberOf(answer, 0, 1) + numberOf(answer, 1, 1) > 0;
  return isKnown ? { baseline: countsOf(0), spike: countsOf(1) } : null;
}
