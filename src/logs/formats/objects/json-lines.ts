import type { LogRecord } from "../../record.ts";
import type { LineReader, LogFormat, ObjectFormat } from "../format.ts";
import { salvageJson } from "./json-salvage.ts";
import { type FieldRules, type Fields, fieldReader, plainName } from "./object-fields.ts";

/** A format whose records are objects, written down once for lines of JSON and for rows of tables. */
export interface JsonFormat extends Pick<LogFormat, "name" | "title" | "holds">, FieldRules {
  /** Whether an object with these keys, made plain, is of this format. */
  isNamedLike(names: ReadonlySet<string>): boolean;
  /** What is particular to this format, done to each record; null for what is no request. `object` is what it was read from. */
  refine?(record: LogRecord, object: Fields): LogRecord | null;
}

/** Makes a format whose lines are objects in JSON, one a line; `splitConcatenatedJson` parts lines that hold several. */
export function jsonLines(format: JsonFormat): ObjectFormat {
  const { name, title, holds, refine = (record: LogRecord) => record } = format;
  const readFields = fieldReader(format);

  function readObject(fields: Fields): LogRecord | null {
    const record = readFields(fields);
    return record === null ? null : refine(record, fields);
  }

  const reader: LineReader = {
    template: null,
    read: (line) => readObject(parseObject(line) ?? salvageJson(line)),
  };

  return {
    name,
    title,
    holds,
    meanings: format.fields.map(([, is]) => is),
    recognises: (line) => isObjectNamedLike(line, format),
    recognisesFields: (names) => format.isNamedLike(new Set(names.map(plainName))),
    meaningsOf: (column) =>
      format.fields.flatMap(([path, is]) => (plainName(path.split(".")[0] ?? "") === plainName(column) ? [is] : [])),
    readObject,
    open: () => reader,
  };
}

/** Whether a line is an object in JSON, whole, that has the keys of a format. */
export function isObjectNamedLike(line: string, format: Pick<JsonFormat, "isNamedLike">): boolean {
  const object = parseObject(line);
  return object !== null && format.isNamedLike(new Set(Object.keys(object).map(plainName)));
}

function parseObject(line: string): Fields | null {
  if (!line.trimStart().startsWith("{")) return null;
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
