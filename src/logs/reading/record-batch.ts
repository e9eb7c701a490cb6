import { NUMBER_COLUMNS, type NumberColumn, TEXT_COLUMNS, type TextColumn } from "../columns.ts";
import { BATCH_ROWS } from "../kernel/codes.ts";
import type { LogRecord } from "../record.ts";
import { type Batch, type BatchColumn, type NewTexts, packKnown } from "./batch.ts";

/** Collects records one by one into batches; for what the kernel does not read. Each batch numbers its own texts. */
export interface RecordCollector {
  /**
   * Whether the batch is full with it: it must be taken then.
   * @param chars of the line that it was read from, of which it may hold on to all
   */
  add(record: LogRecord, chars: number): boolean;
  /** Gives what was collected, and begins anew; null where that is nothing. */
  take(): Batch | null;
}

/** Who attacks may send lines of a megabyte, and a thread's memory is limited. Usual lines never come to this. */
const MAX_CHARS = 32 * 1024 ** 2;

/** @param wanted the codes of the columns that are kept */
export function createRecordCollector(name: string, wanted: ReadonlySet<number>): RecordCollector {
  const texts = TEXT_COLUMNS.filter(({ code }) => wanted.has(code));
  const numbers = NUMBER_COLUMNS.filter(({ code }) => wanted.has(code));
  let records: LogRecord[] = [];
  let chars = 0;
  let batches = 0;
  return {
    add(record, more) {
      records.push(record);
      chars += more;
      return records.length === BATCH_ROWS || chars >= MAX_CHARS;
    },
    take() {
      const taken = records;
      records = [];
      chars = 0;
      if (taken.length === 0) return null;
      batches += 1;
      const packed = texts.map((column) => packTexts(column, taken));
      return {
        reader: name,
        generation: batches,
        escaping: null,
        rows: taken.length,
        columns: [...packed.map(([column]) => column), ...numbers.map((column) => packNumbers(column, taken))].filter(
          (column) => column !== null,
        ),
        texts: packed.map(([, added]) => added).filter((added) => added !== null),
      };
    },
  };
}

function packTexts({ code, field }: TextColumn, records: readonly LogRecord[]): [BatchColumn | null, NewTexts | null] {
  const numbers = new Map<string, number>();
  const values = new Uint32Array(records.length);
  const bits = emptyBits(records.length);
  records.forEach((record, row) => {
    const text = record[field];
    if (text === null || text === "") return;
    const number = numbers.get(text) ?? numbers.size + 1;
    numbers.set(text, number);
    values[row] = number;
    setBit(bits, row);
  });
  const known = packKnown(bits, records.length);
  if (known === undefined) return [null, null];
  const encoded = [...numbers.keys()].map((text) => Buffer.from(text));
  const ends = new Uint32Array(encoded.length);
  let end = 0;
  encoded.forEach((bytes, index) => {
    end += bytes.length;
    ends[index] = end;
  });
  const bytes = new Uint8Array(end);
  encoded.forEach((text, index) => {
    bytes.set(text, (ends[index] ?? 0) - text.length);
  });
  return [
    { code, values: values.buffer, known },
    { code, bytes: bytes.buffer, ends },
  ];
}

function packNumbers({ code, field, type }: NumberColumn, records: readonly LogRecord[]): BatchColumn | null {
  const bits = emptyBits(records.length);
  const values = emptyValues(type, records.length);
  records.forEach((record, row) => {
    const value = record[field];
    if (value === null) return;
    values[row] = values instanceof BigInt64Array ? BigInt(Math.trunc(value)) : value;
    setBit(bits, row);
  });
  const known = packKnown(bits, records.length);
  return known === undefined ? null : { code, values: values.buffer as ArrayBuffer, known };
}

function emptyValues(type: NumberColumn["type"], rows: number): BigInt64Array | Int16Array | Float32Array {
  switch (type) {
    case "BIGINT":
      return new BigInt64Array(rows);
    case "SMALLINT":
      return new Int16Array(rows);
    case "FLOAT":
      return new Float32Array(rows);
  }
}

function emptyBits(rows: number): Uint8Array {
  return new Uint8Array(Math.ceil(rows / 8));
}

function setBit(bits: Uint8Array, row: number): void {
  bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
}
