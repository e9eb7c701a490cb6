import type { LogRecord } from "../logs/record.ts";
import { cut, printable } from "./printable.ts";

type Field = keyof LogRecord;

/** What people call the fields of a record; `--json` has their names in the program. */
const FIELD_NAMES: Readonly<Record<Field, string>> = {
  arrivalMs: "arrival",
  completedMs: "answered",
  client: "client",
  forwardedFor: "forwarded for",
  method: "method",
  scheme: "scheme",
  host: "host",
  path: "path",
  query: "query",
  status: "status",
  bytes: "bytes",
  totalSecs: "total seconds",
  backendSecs: "backend seconds",
  connectSecs: "connect seconds",
  firstByteSecs: "first byte seconds",
  bodySecs: "body seconds",
  clientSecs: "client seconds",
  userAgent: "user agent",
  referer: "referer",
  cache: "cache",
  tls: "TLS",
  node: "node",
  target: "target",
};

const NAME_CHARS = Math.max(...Object.values(FIELD_NAMES).map((name) => name.length));

/** Names fields in one line: "client, status, user agent". */
export function fieldList(fields: readonly Field[]): string {
  return fields.map((field) => FIELD_NAMES[field]).join(", ");
}

/** Writes what is known of a record, a field a line, with its unit. */
export function recordLines(record: LogRecord, indent: string): readonly string[] {
  return (Object.keys(FIELD_NAMES) as Field[]).flatMap((field) => {
    const value = record[field];
    return value === null ? [] : [`${indent}${FIELD_NAMES[field].padEnd(NAME_CHARS)}  ${valueText(field, value)}`];
  });
}

function valueText(field: Field, value: string | number): string {
  if (typeof value === "string") return cut(printable(value));
  if (field.endsWith("Ms")) return timeText(value);
  if (field.endsWith("Secs")) return `${value} s`;
  return field === "bytes" ? `${value.toLocaleString("en-US")} bytes` : String(value);
}

function timeText(atMs: number): string {
  const date = new Date(atMs);
  // A damaged line may hold any number.
  return Number.isNaN(date.getTime()) ? String(atMs) : date.toISOString().replace("T", " ").replace("Z", " UTC");
}
