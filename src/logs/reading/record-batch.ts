import { NUMBER_COLUMNS, TEXT_COLUMNS } from "../columns.ts";
import { BATCH_ROWS } from "../kernel/codes.ts";
import type { LogRecord } from "../record.ts";
import type { Batch } from "./batch.ts";
import { NumberPacker, TextPacker } from "./column-packers.ts";

/** Collects records one by one into batches; for what the kernel does not read. */
export interface RecordCollector {
  /** Whether the batch is full with it: it must be taken then. */
  add(record: LogRecord): boolean;
  /** Gives what was collected, and begins anew; null where that is nothing. */
  take(): Batch | null;
}

/** Who attacks may send lines of a megabyte, and a thread's memory is limited. Usual lines never come to this. */
const MAX_NEW_BYTES = 8 * 1024 ** 2;
/** Beyond this, the texts that were numbered are forgotten, and numbered anew. */
const MAX_TEXT_BYTES = 16 * 1024 ** 2;

/** @param wanted the codes of the columns that are kept */
export function createRecordCollector(name: string, wanted: ReadonlySet<number>): RecordCollector {
  const texts = TEXT_COLUMNS.filter(({ code }) => wanted.has(code)).map((column) => ({
    field: column.field,
    packer: new TextPacker(column),
  }));
  const numbers = NUMBER_COLUMNS.filter(({ code }) => wanted.has(code)).map((column) => ({
    field: column.field,
    packer: new NumberPacker(column),
  }));
  let rows = 0;
  let newBytes = 0;
  let generation = 0;
  let textBytes = 0;

  return {
    add(record) {
      for (const { field, packer } of texts) newBytes += packer.put(rows, record[field]);
      for (const { field, packer } of numbers) packer.put(rows, record[field]);
      rows += 1;
      return rows === BATCH_ROWS || newBytes >= MAX_NEW_BYTES;
    },
    take() {
      if (rows === 0) return null;
      textBytes += newBytes;
      newBytes = 0;
      const packed = texts.map(({ packer }) => packer.take(rows));
      const columns = [...packed.map(({ column }) => column), ...numbers.map(({ packer }) => packer.take(rows))];
      const batch = {
        reader: name,
        generation,
        escaping: null,
        rows,
        columns: columns.filter((column) => column !== null),
        texts: packed.map((each) => each.texts).filter((added) => added !== null),
      };
      rows = 0;
      if (textBytes > MAX_TEXT_BYTES) {
        for (const { packer } of texts) packer.forget();
        generation += 1;
        textBytes = 0;
      }
      return batch;
    },
  };
}
