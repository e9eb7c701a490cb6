import type { FieldValue } from "../../formats/format.ts";
import type { LineCounts } from "../../reading/file-lines.ts";
import type { RecordKeeper } from "../../reading/record-keeper.ts";
import type { KnownLayout } from "./parquet-layout.ts";

/** Makes records of the rows of one file, and counts them as lines are counted. */
export interface RowReader {
  read(row: readonly unknown[]): void;
  counts(): LineCounts;
}

const SAMPLES = 10;
const SAMPLE_CHARS = 500;

export function createRowReader({ format, columns }: KnownLayout, { keep }: RecordKeeper): RowReader {
  const samples: string[] = [];
  let parsed = 0;
  let unparsed = 0;

  return {
    read(row) {
      const fields: Record<string, FieldValue> = {};
      columns.forEach(({ name }, index) => {
        fields[name] = row[index] as FieldValue;
      });
      const record = format.readObject(fields);
      if (record === null) {
        unparsed += 1;
        if (samples.length < SAMPLES) samples.push(asJson(fields).slice(0, SAMPLE_CHARS));
      } else {
        parsed += 1;
        keep(record);
      }
    },
    counts: () => ({ lines: parsed + unparsed, parsed, headers: 0, recovered: 0, unparsed, samples }),
  };
}

function asJson(fields: Readonly<Record<string, FieldValue>>): string {
  return JSON.stringify(fields, (_, value) => (typeof value === "bigint" ? String(value) : value));
}
