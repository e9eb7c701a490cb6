import type { Dimension, Latency } from "../../domain/traffic.ts";
import type { Dialect } from "./dialect.ts";
import type { Relation } from "./engine.ts";

/** The column of each dimension, in the table as in the view. */
export const DIMENSION_COLUMNS = {
  ip: "client",
  net: "net",
  subnet: "subnet",
  wideNet: "wide_net",
  owner: "owner",
  userAgent: "user_agent",
  path: "path",
  pathTemplate: "path_template",
  resource: "resource",
  host: "host",
  referer: "referer",
  refererHost: "referer_host",
  status: "status",
  method: "method",
  query: "query",
  queryKeys: "query_keys",
  queryShape: "query_shape",
  scheme: "scheme",
  cache: "cache",
  tls: "tls",
  node: "node",
  target: "target",
} as const satisfies Readonly<Record<Dimension, string>>;

export const LATENCY_COLUMNS = {
  total: "total_secs",
  backend: "backend_secs",
  connect: "connect_secs",
  firstByte: "first_byte_secs",
  body: "body_secs",
  client: "client_secs",
} as const satisfies Readonly<Record<Latency, string>>;

export type RequestColumn =
  | "bytes"
  | "query_hash"
  | (typeof DIMENSION_COLUMNS)[Dimension]
  | (typeof LATENCY_COLUMNS)[Latency];

/** Writes a column for a list of SELECT; where the relation has none, as one that is null throughout. */
export function selectColumn(relation: Relation, dialect: Dialect, column: RequestColumn): string {
  const source = relation.insteadOf?.[column] ?? column;
  if (source !== column && relation.columns.has(source)) return `${source} AS ${column}`;
  return relation.columns.has(column) ? column : `CAST(NULL AS ${typeOf(column, dialect)}) AS ${column}`;
}

function typeOf(column: RequestColumn, { keyType }: Dialect): string {
  if (column === "bytes" || column === "query_hash") return "BIGINT";
  if (column === "status") return "SMALLINT";
  return column.endsWith("_secs") ? "DOUBLE" : keyType;
}
