import type { ObjectFormat } from "../format.ts";
import { isObjectNamedLike, type JsonFormat, jsonLines } from "../objects/json-lines.ts";
import { plainName } from "../objects/object-fields.ts";
import { namesOfHeader, openW3c } from "../tables/w3c.ts";
import { findDelimiter, splitRow } from "../tables/w3c-row.ts";

/** A log of load balancers as CloudWatch delivers it: in JSON, with a `#Fields:` line, plain, or in Parquet. */
export interface VendedFormat extends JsonFormat {
  /** In the order of plain files, which do not name their columns. */
  readonly names: readonly string[];
}

/**
 * Makes a format of which each file may be JSON or a table. A plain table parted by blanks is told as what it looks
 * like, the log that load balancers write themselves, of which it is a longer version.
 */
export function vended(format: VendedFormat): ObjectFormat {
  const json = jsonLines(format);
  return {
    ...json,
    recognises: (line) => {
      const names = namesOfHeader(line);
      if (names !== null) return format.isNamedLike(new Set(names.map(plainName)));
      return isObjectNamedLike(line, format) || isPlainRow(line, format);
    },
    open: (head) =>
      head.some((line) => line.trimStart().startsWith("{"))
        ? json.open(head)
        : openW3c(head, { ...format, namesWithoutHeader: () => format.names, earlierWidths: [] }),
  };
}

/** Whether a row has all the columns, and times where they belong. */
function isPlainRow(line: string, { names }: VendedFormat): boolean {
  const delimiter = findDelimiter([line], names.length);
  const cells = splitRow(line, delimiter, names.length + 1);
  if (delimiter === " " || cells.length !== names.length) return false;
  return names.every((name, column) => {
    const cell = cells[column] ?? "";
    return !TIMES.has(name) || STARTS_LIKE_TIME.test(cell) || (cell === "-" && name !== "time");
  });
}

const STARTS_LIKE_TIME = /^\d{4}-\d\d-\d\dT/;
const TIMES: ReadonlySet<string> = new Set(["time", "request_creation_time", "tls_connection_creation_time"]);
