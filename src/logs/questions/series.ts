import { SLOW_SECS } from "../../domain/observations.ts";
import type { TimeWindow } from "../../domain/time-window.ts";
import type { TrafficFilter, TrafficSeries } from "../../domain/traffic.ts";
import { filterCondition, missCondition } from "./condition.ts";
import { COUNTED_COLUMNS, microsSum, missesSum } from "./counts.ts";
import type { Cell, Engine } from "./engine.ts";
import { windowOf } from "./scope.ts";

/** Counts requests at equal steps from `window.startMs` on; the last step may reach beyond the window, its count does not. */
export async function querySeries(
  engine: Engine,
  question: { window: TimeWindow; stepMs: number; filter?: TrafficFilter },
): Promise<TrafficSeries> {
  const { window, stepMs, filter } = question;
  const steps = Math.max(0, Math.ceil((window.endMs - window.startMs) / stepMs));
  const requests = windowOf(engine, window, {
    condition: await filterCondition(engine, filter),
    columns: [...COUNTED_COLUMNS, "total_secs"],
  });
  const step = engine.dialect.quotient(`arrival_ms - ${window.startMs}`, stepMs);
  const columns = await engine.query(`
    SELECT CAST(${step} AS INTEGER) AS step, CAST(count(*) AS DOUBLE) AS requests,
      coalesce(sum(CAST(bytes AS DOUBLE)), 0) AS bytes,
      CAST(count(CASE WHEN status >= 500 THEN 1 END) AS DOUBLE) AS errors,
      CAST(count(DISTINCT client) AS DOUBLE) AS clients,
      ${microsSum("backend_secs")} AS backend_us, ${microsSum("total_secs")} AS total_us,
      ${missesSum(await missCondition(engine))} AS misses,
      CAST(count(CASE WHEN total_secs >= ${SLOW_SECS} THEN 1 END) AS DOUBLE) AS slow
    FROM ${requests} AS counted GROUP BY 1`);
  const spread = (index: number) => spreadOverSteps(columns[0] ?? [], columns[index] ?? [], steps);
  const isKnown = (index: number) => columns[index]?.some((cell) => cell !== null) ?? false;
  const spreadSecs = (index: number) => spread(index).map((micros) => micros / 1e6);
  return {
    startMs: window.startMs,
    stepMs,
    requests: spread(1),
    bytes: spread(2),
    errors: spread(3),
    clients: spread(4),
    ...(isKnown(5) && { backendSecs: spreadSecs(5) }),
    ...(isKnown(6) && { totalSecs: spreadSecs(6), slow: spread(8) }),
    ...(isKnown(7) && { cacheMisses: spread(7) }),
  };
}

/** Puts counts where their steps are, and zeros where there are none. */
export function spreadOverSteps(at: readonly Cell[], counts: readonly Cell[], steps: number): number[] {
  const values = new Array<number>(steps).fill(0);
  at.forEach((step, index) => {
    values[Number(step)] = Number(counts[index]);
  });
  return values;
}
