import type { TimeWindow } from "../../../domain/time-window.ts";
import type { LogRecord } from "../../formats/format.ts";
import { FORMATS, type KnownFormatName } from "../../formats/index.ts";
import type { LogDatabase, SqlValue } from "./database.ts";
import { LINE_STATES } from "./raw-table.ts";

/** Lets the patient readers take the lines that SQL left over; what they cannot read either is marked as unparsed. */
export async function readLeftovers(
  database: LogDatabase,
  formatOf: (fileId: number) => KnownFormatName,
  window: TimeWindow | null,
): Promise<void> {
  const chunks = database.chunks(`SELECT file, line FROM raw WHERE state = ${LINE_STATES.leftover}`);
  for await (const rows of chunks) {
    const read = rows.map(([file, line]) => toRow(Number(file), String(line), formatOf(Number(file)), window));
    await database.append("raw", read);
  }
  await database.run(`DELETE FROM raw WHERE state = ${LINE_STATES.leftover}`);
}

/** In the order of the raw table's columns. */
function toRow(file: number, line: string, format: KnownFormatName, window: TimeWindow | null): SqlValue[] {
  const record = FORMATS[format].read(line);
  if (record === null) return [file, LINE_STATES.unparsed, 0, ...NO_RECORD, line];
  return [file, LINE_STATES.recovered, 0, ...(isWithin(record, window) ? valuesOf(record) : NO_RECORD), null];
}

function isWithin(record: LogRecord, window: TimeWindow | null): boolean {
  return window === null || (record.arrivalMs >= window.startMs && record.arrivalMs < window.endMs);
}

function valuesOf(record: LogRecord): SqlValue[] {
  const { arrivalMs, ip, method, target, host, status, bytes, userAgent, referer } = record;
  return [arrivalMs, ip, method, target, host, status, bytes, userAgent, referer];
}

const NO_RECORD: readonly SqlValue[] = Array.from({ length: 9 }, () => null);
