import type { Dimension, RepeatCounts, RepeatRow, Repeats, TrafficFilter, WindowPair } from "../../domain/traffic.ts";
import { DIMENSION_COLUMNS, type RequestColumn } from "./columns.ts";
import { filterCondition } from "./condition.ts";
import type { Columns, Engine } from "./engine.ts";
import { compareTexts, textsOf } from "./largest.ts";
import { sameRequest } from "./same-request.ts";
import { SIDES, type Side, scopeOf } from "./scope.ts";

type RepeatsQuestion = WindowPair & {
  readonly filter?: TrafficFilter;
  readonly withinSecs: number;
  readonly by?: Dimension;
  readonly topN?: number;
};

/** Counts requests that follow one of the same client for the same thing; sorts each window once. */
export async function queryRepeats(engine: Engine, question: RepeatsQuestion): Promise<Repeats> {
  const { columns: same, comparesQuery } = sameRequest(engine.relation);
  const columns = await engine.query(await repeatsSql(engine, question, same));
  const [whole, rows] = [1, 0].map((part) => pick(columns, part)) as [Columns, Columns];
  const gapsOf = (side: Side) => spreadOverGaps(whole, side, question.withinSecs);
  return {
    comparesQuery,
    baseline: totalOf(whole, 0),
    spike: totalOf(whole, 1),
    gapsSecs: { baseline: gapsOf(0), spike: gapsOf(1) },
    rows: question.by === undefined ? [] : await toRows(engine, question.by, rows),
  };
}

/**
 * Writes a query that gives the whole by gaps (part 1; no gap for what repeats nothing) and the largest values (part 0):
 * `part`, `key_0`, `gap_secs`, and requests and repeats of each side.
 */
async function repeatsSql(engine: Engine, question: RepeatsQuestion, same: readonly RequestColumn[]): Promise<string> {
  const { by, withinSecs, topN = 0 } = question;
  const key: RequestColumn | null = by === undefined ? null : DIMENSION_COLUMNS[by];
  const scope = scopeOf(engine, question, {
    condition: await filterCondition(engine, question.filter),
    columns: key === null ? same : [...same, key],
  });
  const gapMs = "arrival_ms - before_ms";
  const counts = SIDES.flatMap((side) => [
    `CAST(count(CASE WHEN side = ${side} THEN 1 END) AS DOUBLE) AS requests_${side}`,
    `CAST(count(CASE WHEN side = ${side} THEN gap_secs END) AS DOUBLE) AS repeats_${side}`,
  ]);
  return `
    SELECT part, key_0, gap_secs, requests_0, repeats_0, requests_1, repeats_1
    FROM (
      SELECT *, row_number() OVER (PARTITION BY part ORDER BY CASE WHEN key_0 IS NULL THEN 1 ELSE 0 END,
        greatest(repeats_0, repeats_1) DESC, greatest(requests_0, requests_1) DESC, first_ms, key_0) AS place
      FROM (
        SELECT ${key === null ? "1" : "grouping(key_0)"} AS part, key_0, gap_secs, ${counts.join(", ")}, min(arrival_ms) AS first_ms
        FROM (
          SELECT side, arrival_ms, key_0,
            CASE WHEN ${gapMs} <= ${Math.round(withinSecs * 1_000)} THEN ${engine.dialect.quotient(gapMs, 1_000)} END AS gap_secs
          FROM (
            SELECT side, arrival_ms, ${key ?? "CAST(NULL AS INTEGER)"} AS key_0,
              lag(arrival_ms) OVER (PARTITION BY ${["side", ...same].join(", ")} ORDER BY arrival_ms) AS before_ms
            FROM ${scope} AS counted WHERE client IS NOT NULL AND path IS NOT NULL
          ) AS followed
        ) AS spaced
        GROUP BY ${key === null ? "key_0, gap_secs" : "GROUPING SETS ((gap_secs), (key_0))"}
      ) AS summed
    ) AS ranked
    WHERE part = 1 OR (key_0 IS NOT NULL AND place <= ${topN})
    ORDER BY part, place`;
}

function pick(columns: Columns, part: number): Columns {
  const parts = columns[0] ?? [];
  return columns.map((cells) => cells.filter((_, row) => Number(parts[row]) === part));
}

/** The columns of requests and repeats, of the baseline and of the spike. */
const COUNT_PLACES = [
  [3, 4],
  [5, 6],
] as const;

function totalOf(columns: Columns, side: Side): RepeatCounts {
  const [requests, repeats] = COUNT_PLACES[side].map((place) =>
    (columns[place] ?? []).reduce<number>((sum, cell) => sum + Number(cell), 0),
  ) as [number, number];
  return repeatCounts(requests, repeats);
}

function spreadOverGaps(columns: Columns, side: Side, withinSecs: number): readonly number[] {
  const gaps = new Array<number>(Math.floor(withinSecs) + 1).fill(0);
  columns[2]?.forEach((gap, row) => {
    if (gap !== null) gaps[Number(gap)] = Number(columns[COUNT_PLACES[side][1]]?.[row]);
  });
  return gaps;
}

async function toRows(engine: Engine, by: Dimension, columns: Columns): Promise<readonly RepeatRow[]> {
  const values = await textsOf(engine, by, columns[1] ?? []);
  const rows = values.map((value, row) => {
    const own = columns.map((cells) => cells.slice(row, row + 1));
    return { value, baseline: totalOf(own, 0), spike: totalOf(own, 1) };
  });
  return rows.toSorted(
    (a, b) =>
      b.spike.repeats - a.spike.repeats || b.baseline.repeats - a.baseline.repeats || compareTexts(a.value, b.value),
  );
}

export function repeatCounts(requests: number, repeats: number): RepeatCounts {
  return { requests, repeats, share: requests === 0 ? null : repeats / requests };
}
