/** The columns of the one table that every log becomes. */
import * as code from "./kernel/codes.ts";
import type { LogRecord } from "./record.ts";

/** A text column: its values are numbers into a dictionary. */
export interface TextColumn {
  readonly kind: "text";
  readonly code: number;
  readonly name: string;
  readonly field: TextField;
}

/** A column of numbers: how wide they are, and what the engine calls their type. */
export interface NumberColumn {
  readonly kind: "number";
  readonly code: number;
  readonly name: string;
  readonly field: NumberField;
  readonly type: "BIGINT" | "SMALLINT" | "FLOAT";
}

export type Column = TextColumn | NumberColumn;

type FieldOf<Value> = { [Key in keyof LogRecord]: LogRecord[Key] extends Value ? Key : never }[keyof LogRecord];
export type TextField = Exclude<FieldOf<string | null>, "forwardedFor">;
export type NumberField = FieldOf<number | null>;

export const TEXT_COLUMNS: readonly TextColumn[] = [
  text(code.TEXT_CLIENT, "client", "client"),
  text(code.TEXT_USER_AGENT, "user_agent", "userAgent"),
  text(code.TEXT_PATH, "path", "path"),
  text(code.TEXT_HOST, "host", "host"),
  text(code.TEXT_REFERER, "referer", "referer"),
  text(code.TEXT_METHOD, "method", "method"),
  text(code.TEXT_SCHEME, "scheme", "scheme"),
  text(code.TEXT_QUERY, "query", "query"),
  text(code.TEXT_CACHE, "cache", "cache"),
  text(code.TEXT_TLS, "tls", "tls"),
  text(code.TEXT_NODE, "node", "node"),
  text(code.TEXT_TARGET, "target", "target"),
];

export const NUMBER_COLUMNS: readonly NumberColumn[] = [
  number(code.ARRIVAL_MS, "arrival_ms", "arrivalMs", "BIGINT"),
  number(code.COMPLETED_MS, "completed_ms", "completedMs", "BIGINT"),
  number(code.STATUS, "status", "status", "SMALLINT"),
  number(code.BYTES, "bytes", "bytes", "BIGINT"),
  number(code.FIRST_SECS + code.SECS_TOTAL, "total_secs", "totalSecs", "FLOAT"),
  number(code.FIRST_SECS + code.SECS_BACKEND, "backend_secs", "backendSecs", "FLOAT"),
  number(code.FIRST_SECS + code.SECS_CONNECT, "connect_secs", "connectSecs", "FLOAT"),
  number(code.FIRST_SECS + code.SECS_FIRST_BYTE, "first_byte_secs", "firstByteSecs", "FLOAT"),
  number(code.FIRST_SECS + code.SECS_BODY, "body_secs", "bodySecs", "FLOAT"),
  number(code.FIRST_SECS + code.SECS_CLIENT, "client_secs", "clientSecs", "FLOAT"),
];

/** Kept of every read. */
const USUAL: ReadonlySet<string> = new Set([
  "client",
  "user_agent",
  "path",
  "host",
  "referer",
  "method",
  "cache",
  "arrival_ms",
  "status",
  "bytes",
  "backend_secs",
]);

/**
 * Gives the codes of the columns that are kept, since every one costs time and memory: queries, which differ from
 * request to request, as much as all others together.
 *
 * @param names of columns that are kept beside the usual ones; those that are derived or unknown are let be
 */
export function columnsToKeep(names: Iterable<string>): readonly number[] {
  const kept = new Set([...USUAL, ...names]);
  return [...TEXT_COLUMNS, ...NUMBER_COLUMNS].filter(({ name }) => kept.has(name)).map(({ code }) => code);
}

/**
 * Kept in the place of queries where nothing but their shapes is asked for, 8 bytes a request: equal ones have the same.
 * By a seed that nobody knows, so that nobody can make different ones look alike.
 */
export const QUERY_HASH_COLUMN = { code: code.QUERY_HASH, name: "query_hash", type: "BIGINT" } as const;

export const COLUMN_WIDTHS = { BIGINT: 8, SMALLINT: 2, FLOAT: 4 } as const;

function text(code: number, name: string, field: TextField): TextColumn {
  return { kind: "text", code, name, field };
}

function number(code: number, name: string, field: NumberField, type: NumberColumn["type"]): NumberColumn {
  return { kind: "number", code, name, field, type };
}
