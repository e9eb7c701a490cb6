import type { FieldValue, ObjectFormat } from "../../formats/format.ts";
import { salvageJson } from "../../formats/objects/json-salvage.ts";
import type { LineCounts } from "../../reading/file-lines.ts";
import type { RecordKeeper } from "../../reading/record-keeper.ts";

/** Makes records of the rows of one file, and counts them as lines are counted. */
export interface RowReader {
  /** @param json an object with the row's values by the names of their columns */
  read(json: string): void;
  counts(): LineCounts;
}

const SAMPLES = 10;
const SAMPLE_CHARS = 500;

export function createRowReader(format: ObjectFormat, { keep }: RecordKeeper): RowReader {
  const samples: string[] = [];
  let parsed = 0;
  let unparsed = 0;

  return {
    read(json) {
      const record = format.readObject(objectOf(json));
      if (record === null) {
        unparsed += 1;
        if (samples.length < SAMPLES) samples.push(json.slice(0, SAMPLE_CHARS));
      } else {
        parsed += 1;
        keep(record);
      }
    },
    counts: () => ({ lines: parsed + unparsed, parsed, headers: 0, recovered: 0, unparsed, samples }),
  };
}

/** The engine writes numbers that JSON does not have (`NaN`); the others are read then. */
function objectOf(json: string): Readonly<Record<string, FieldValue>> {
  try {
    return JSON.parse(json);
  } catch {
    return salvageJson(json);
  }
}
