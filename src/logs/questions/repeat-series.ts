import type { TimeWindow } from "../../domain/time-window.ts";
import type { TrafficFilter } from "../../domain/traffic.ts";
import { filterCondition } from "./condition.ts";
import type { Engine } from "./engine.ts";
import { sameRequest } from "./same-request.ts";
import { windowOf } from "./scope.ts";
import { spreadOverSteps } from "./series.ts";

/** Counts, at equal steps, requests that follow one of the same client for the same thing; sorts the window once. */
export async function queryRepeatSeries(
  engine: Engine,
  question: { window: TimeWindow; stepMs: number; withinSecs: number; filter?: TrafficFilter },
): Promise<readonly number[]> {
  const { window, stepMs, withinSecs, filter } = question;
  const { columns: same } = sameRequest(engine.relation);
  const requests = windowOf(engine, window, { condition: await filterCondition(engine, filter), columns: same });
  const [steps = [], counts = []] = await engine.query(`
    SELECT CAST(${engine.dialect.quotient(`arrival_ms - ${window.startMs}`, stepMs)} AS INTEGER) AS step,
      CAST(count(*) AS DOUBLE) AS repeats
    FROM (
      SELECT arrival_ms, lag(arrival_ms) OVER (PARTITION BY ${same.join(", ")} ORDER BY arrival_ms) AS before_ms
      FROM ${requests} AS counted WHERE client IS NOT NULL AND path IS NOT NULL
    ) AS followed
    WHERE arrival_ms - before_ms <= ${Math.round(withinSecs * 1_000)} GROUP BY 1`);
  return spreadOverSteps(steps, counts, Math.max(0, Math.ceil((window.endMs - window.startMs) / stepMs)));
}
