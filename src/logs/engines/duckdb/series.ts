import type { TimeWindow } from "../../../domain/time-window.ts";
import type { TrafficSeries } from "../../../domain/traffic.ts";
import type { LogDatabase } from "./database.ts";

/** Counts requests at equal steps from `window.startMs` on; the last step may reach beyond the window, its count does not. */
export async function querySeries(
  database: LogDatabase,
  question: { window: TimeWindow; stepMs: number; condition: string },
): Promise<TrafficSeries> {
  const { window, stepMs, condition } = question;
  const steps = Math.max(0, Math.ceil((window.endMs - window.startMs) / stepMs));
  const [step = [], requests = [], bytes = [], errors = [], clients = []] = await database.columns(`
    SELECT ((arrival_ms - ${window.startMs}) // ${stepMs})::INTEGER AS step, count(*)::DOUBLE,
      coalesce(sum(bytes), 0)::DOUBLE, (count(*) FILTER (WHERE status >= 500))::DOUBLE, count(DISTINCT client)::DOUBLE
    FROM requests
    WHERE arrival_ms >= ${window.startMs} AND arrival_ms < ${window.endMs} AND ${condition}
    GROUP BY step`);

  function spread(counts: readonly unknown[]): number[] {
    const values = new Array<number>(steps).fill(0);
    step.forEach((at, index) => {
      values[Number(at)] = Number(counts[index]);
    });
    return values;
  }

  return {
    startMs: window.startMs,
    stepMs,
    requests: spread(requests),
    bytes: spread(bytes),
    errors: spread(errors),
    clients: spread(clients),
  };
}
