import type { TimeWindow } from "../../../domain/time-window.ts";
import type { Meaning, TimeNotation } from "../../formats/line-template.ts";
import { EARLIEST_MS, LATEST_MS } from "../../formats/plausible-time.ts";
import { type ParquetColumn, sqlName } from "./parquet-layout.ts";

/**
 * Gives a condition that leaves out rows which cannot be of a window, so that they are not made records; null where
 * their times do not tell. Rows whose time it cannot read stay: those are for the format to judge.
 *
 * A request that was complete before the window began did not arrive in it. When it arrived is left to the format
 * where only the completion is logged.
 */
export function windowCondition(columns: readonly ParquetColumn[], { startMs, endMs }: TimeWindow): string | null {
  if (startMs <= EARLIEST_MS && endMs >= LATEST_MS) return null;
  const arrivals = timesOf(columns, "arrival");
  const [arrival] = arrivals;
  // Which of several counts is for the format to say.
  if (arrivals.length > 1) return null;
  if (arrival !== undefined) {
    const at = instantOf(arrival);
    if (at === null) return null;
    return `(${isUnsure(at)} OR (${at.value} >= ${at.literal(startMs)} AND ${at.value} < ${at.literal(endMs)}))`;
  }
  const [completed] = timesOf(columns, "completed");
  const at = completed === undefined ? instantOfParts(columns) : instantOf(completed);
  return at === null ? null : `(${isUnsure(at)} OR ${at.value} >= ${at.literal(startMs - SLACK_MS)})`;
}

/** Holds for rows whose time is not known, or is counted in another unit than is usual, which is for the format to tell. */
function isUnsure({ value, literal, isCount }: Instant): string {
  const other = isCount ? ` OR ${value} < ${literal(EARLIEST_MS)} OR ${value} >= ${literal(LATEST_MS)}` : "";
  return `${value} IS NULL${other}`;
}

/** Of two columns for one time, the coarser may be compared. */
const SLACK_MS = 1_000;

type TimeColumn = ParquetColumn & { readonly as: TimeNotation };

interface Instant {
  readonly value: string;
  literal(timeMs: number): string;
  /** Whether it is a number of units since 1970. */
  readonly isCount?: true;
}

function timesOf(columns: readonly ParquetColumn[], time: "arrival" | "completed"): readonly TimeColumn[] {
  return columns.flatMap((column) => {
    const as = notationOf(column.meanings, time);
    return as === null || as === "date" || as === "clock" ? [] : [{ ...column, as }];
  });
}

function notationOf(meanings: readonly Meaning[], time: "arrival" | "completed"): TimeNotation | null {
  const [is] = meanings;
  return typeof is === "object" && "time" in is && is.time === time ? is.as : null;
}

/** How a column's values compare with times; null where that depends on the value. */
function instantOf({ name, type, as }: TimeColumn): Instant | null {
  const column = sqlName(name);
  if (type === "TIMESTAMP WITH TIME ZONE")
    return { value: column, literal: (timeMs) => `TIMESTAMPTZ '${iso(timeMs)}'` };
  if (type.startsWith("TIMESTAMP"))
    return { value: column, literal: (timeMs) => `TIMESTAMP '${iso(timeMs).slice(0, -3)}'` };
  const isText = type === "VARCHAR";
  if (as === "epoch-ms" || as === "epoch-secs") {
    const unitMs = as === "epoch-ms" ? 1 : 1_000;
    const isNumber = /^(U?(BIG|SMALL|HUGE)?INT(EGER)?|DOUBLE|FLOAT|DECIMAL\(.*\))$/.test(type);
    if (!isText && !isNumber) return null;
    const value = isText ? `TRY_CAST(${column} AS DOUBLE)` : column;
    return { value, literal: (timeMs) => String(timeMs / unitMs), isCount: true };
  }
  return isText ? textInstant(column) : null;
}

function instantOfParts(columns: readonly ParquetColumn[]): Instant | null {
  const of = (as: TimeNotation) => columns.find(({ meanings }) => notationOf(meanings, "completed") === as);
  const [date, clock] = [of("date"), of("clock")];
  if (date === undefined || clock === undefined) return null;
  return textInstant(`(CAST(${sqlName(date.name)} AS VARCHAR) || ' ' || CAST(${sqlName(clock.name)} AS VARCHAR))`);
}

/** The engine takes times without a zone for those of its own, which is UTC. */
function textInstant(text: string): Instant {
  return { value: `TRY_CAST(${text} AS TIMESTAMPTZ)`, literal: (timeMs) => `TIMESTAMPTZ '${iso(timeMs)}'` };
}

function iso(timeMs: number): string {
  return new Date(Math.min(Math.max(timeMs, EARLIEST_MS), LATEST_MS))
    .toISOString()
    .replace("T", " ")
    .replace("Z", "+00");
}
