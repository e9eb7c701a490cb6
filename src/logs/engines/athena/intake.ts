import type { TimeWindow } from "../../../domain/time-window.ts";
import type { Intake } from "../../../domain/traffic.ts";
import type { Columns, Relation } from "../../questions/engine.ts";
import type { AthenaFormat } from "./line-formats.ts";

const SAMPLE_CHARS = 500;

/**
 * Writes the query that counts every line of the objects in question, read or not. A line without a time belongs to no
 * window, so that all of the objects are counted; the first and the last request are those of the window.
 */
export function intakeSql(relation: Relation, window: TimeWindow): string {
  const inWindow = `arrival_ms >= ${window.startMs} AND arrival_ms < ${window.endMs}`;
  const pruned = relation.prune === undefined ? "" : ` WHERE ${relation.prune([window])}`;
  return `
    SELECT count(DISTINCT file) AS files, count(*) AS lines, count(arrival_ms) AS parsed,
      min(CASE WHEN ${inWindow} THEN arrival_ms END) AS first_ms,
      max(CASE WHEN ${inWindow} THEN arrival_ms END) AS last_ms,
      min(CASE WHEN arrival_ms IS NULL THEN file || chr(10) || substr(line, 1, ${SAMPLE_CHARS}) END) AS sample
    FROM ${relation.name}${pruned}`;
}

export function readIntake(columns: Columns, format: AthenaFormat): Intake {
  const [files, lines, parsed, firstMs, lastMs, sample] = columns.map((cells) => cells[0] ?? null);
  const [file = "", line = ""] = typeof sample === "string" ? sample.split("\n", 2) : [];
  return {
    files: Number(files ?? 0),
    lines: Number(lines ?? 0),
    parsed: Number(parsed ?? 0),
    recovered: 0,
    unparsed: Number(lines ?? 0) - Number(parsed ?? 0),
    unparsedSamples: file === "" ? [] : [{ file, line }],
    skipped: [],
    firstMs: firstMs === null || firstMs === undefined ? null : Number(firstMs),
    lastMs: lastMs === null || lastMs === undefined ? null : Number(lastMs),
    formats: { [format]: Number(files ?? 0) },
    detected: [],
    coverage: null,
    headers: 0,
  };
}
