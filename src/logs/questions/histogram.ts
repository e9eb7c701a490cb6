import type { DurationHistogram, Latency, TrafficFilter, WindowPair } from "../../domain/traffic.ts";
import { LATENCY_COLUMNS } from "./columns.ts";
import { filterCondition } from "./condition.ts";
import { microsOf, NO_WEB_SOCKET, toMicros } from "./durations.ts";
import type { Engine } from "./engine.ts";
import { type Side, scopeOf } from "./scope.ts";

/** Counts how many requests lie in each class of a duration. */
export async function queryHistogram(
  engine: Engine,
  question: WindowPair & { filter?: TrafficFilter; leg: Latency; edgesSecs: readonly number[] },
): Promise<DurationHistogram> {
  const { leg, edgesSecs } = question;
  const column = LATENCY_COLUMNS[leg];
  const scope = scopeOf(engine, question, {
    condition: await filterCondition(engine, question.filter),
    columns: ["status", column],
  });
  const classes = edgesSecs.map((secs, index) => `WHEN micros < ${toMicros(secs)} THEN ${index}`);
  const place = classes.length === 0 ? "0" : `CASE ${classes.join(" ")} ELSE ${classes.length} END`;
  const [sides = [], places = [], requests = []] = await engine.query(`
    SELECT side, ${place} AS place, CAST(count(*) AS DOUBLE)
    FROM (
      SELECT side, ${microsOf(column)} AS micros FROM ${scope} AS counted WHERE ${column} IS NOT NULL AND ${NO_WEB_SOCKET}
    ) AS durations
    GROUP BY 1, 2`);

  function countsOf(side: Side): number[] {
    const counts = new Array<number>(edgesSecs.length + 1).fill(0);
    places.forEach((each, row) => {
      if (Number(sides[row]) === side) counts[Number(each)] = Number(requests[row]);
    });
    return counts;
  }

  return { edgesSecs, baseline: countsOf(0), spike: countsOf(1) };
}
