import type { LogFormat } from "../../src/logs/formats/format.ts";
import type { LogRecord } from "../../src/logs/record.ts";

/** Reads a line of a file that holds no other; null for what is no request. */
export function readLine(format: LogFormat, line: string): LogRecord | null {
  const record = format.open([line]).read(line);
  return record === "header" ? null : record;
}
