import type { Endings, TrafficFilter, WindowPair } from "../../domain/traffic.ts";
import { filterCondition } from "./condition.ts";
import { microsOf, NO_WEB_SOCKET, toMicros } from "./durations.ts";
import type { Engine } from "./engine.ts";
import { type Side, scopeOf } from "./scope.ts";
import { numberOf } from "./side-rows.ts";

/** Slow requests that began in so many different bins and end in one do not do so by chance, unless there are very many. */
const MIN_BEGINNINGS = 5;

/** Counts slow requests, and those of them that end together though they began apart. */
export async function queryEndings(
  engine: Engine,
  question: WindowPair & { filter?: TrafficFilter; slowSecs: number; binMs: number },
): Promise<{ readonly baseline: Endings; readonly spike: Endings }> {
  const { slowSecs, binMs } = question;
  const scope = scopeOf(engine, question, {
    condition: await filterCondition(engine, question.filter),
    columns: ["status", "total_secs"],
  });
  const micros = microsOf("total_secs");
  const endMs = `arrival_ms + CAST(round(${micros} / 1e3) AS BIGINT)`;
  const answer = await engine.query(`
    SELECT side, CAST(sum(slow) AS DOUBLE), CAST(sum(CASE WHEN beginnings >= ${MIN_BEGINNINGS} THEN slow ELSE 0 END) AS DOUBLE)
    FROM (
      SELECT side, ${engine.dialect.quotient(endMs, binMs)} AS ending, count(*) AS slow,
        count(DISTINCT ${engine.dialect.quotient("arrival_ms", binMs)}) AS beginnings
      FROM ${scope} AS counted WHERE ${micros} >= ${toMicros(slowSecs)} AND ${NO_WEB_SOCKET}
      GROUP BY 1, 2
    ) AS bins
    GROUP BY side`);
  const endingsOf = (side: Side) => ({ slow: numberOf(answer, side, 1), together: numberOf(answer, side, 2) });
  return { baseline: endingsOf(0), spike: endingsOf(1) };
}
