import type { ClientResolver } from "../client-address.ts";
import { NUMBER_COLUMNS, type NumberColumn, TEXT_COLUMNS } from "../columns.ts";
import { emptyRecord, type LogRecord } from "../record.ts";
import { textReader } from "../text-values.ts";
import type { Batch } from "./batch.ts";

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/**
 * Gives the first rows of a reader's first batch as records, to be looked at. Forwarded addresses are in no column, and
 * so in no record.
 */
export function recordsOf(batch: Batch, count: number, resolveClient: ClientResolver): readonly LogRecord[] {
  const records: Mutable<LogRecord>[] = Array.from({ length: Math.min(count, batch.rows) }, () => emptyRecord(0));
  for (const { code, values, known } of batch.columns) {
    const bits = known === null ? null : new Uint8Array(known);
    const isKnown = (row: number) => bits === null || (((bits[row >> 3] ?? 0) >> (row & 7)) & 1) === 1;
    const text = TEXT_COLUMNS.find((column) => column.code === code);
    const number = NUMBER_COLUMNS.find((column) => column.code === code);
    if (text !== undefined) {
      const read = textReader(code, batch.escaping ?? "none", resolveClient);
      const numbers = new Uint32Array(values);
      for (const [row, record] of records.entries()) {
        if (isKnown(row)) record[text.field] = read(textOf(batch, code, numbers[row] ?? 0));
      }
    } else if (number !== undefined) {
      const numbers = numbersOf(number.type, values);
      for (const [row, record] of records.entries()) if (isKnown(row)) record[number.field] = numbers(row);
    }
  }
  return records;
}

/** Texts are numbered from 1 on. */
function textOf({ texts }: Batch, code: number, number: number): string {
  const added = texts.find((each) => each.code === code);
  if (added === undefined) return "";
  const start = number === 1 ? 0 : (added.ends[number - 2] ?? 0);
  return Buffer.from(added.bytes, start, (added.ends[number - 1] ?? start) - start).toString("utf8");
}

/** Seconds are kept in few bits, and known to the microsecond. */
function numbersOf(type: NumberColumn["type"], values: ArrayBuffer): (row: number) => number {
  switch (type) {
    case "BIGINT": {
      const numbers = new BigInt64Array(values);
      return (row) => Number(numbers[row]);
    }
    case "SMALLINT": {
      const numbers = new Int16Array(values);
      return (row) => numbers[row] ?? 0;
    }
    case "FLOAT": {
      const numbers = new Float32Array(values);
      return (row) => Math.round((numbers[row] ?? 0) * 1e6) / 1e6;
    }
  }
}
