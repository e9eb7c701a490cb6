import { createRequire } from "node:module";
import type { DuckDBConnection } from "@duckdb/node-api";

type Bindings = typeof import("@duckdb/node-bindings");

/** Values of one column, as they lie in memory. */
export interface BulkColumn {
  readonly name: string;
  readonly type: "BIGINT" | "INTEGER" | "SMALLINT" | "FLOAT";
  /** Bytes of one value. */
  readonly width: number;
  readonly values: ArrayBuffer;
  /** A bit a row, the lowest first: whether the value is known; null where all are. */
  readonly known: ArrayBuffer | null;
}

/** Adds rows to a table, a column at a time. */
export interface TableWriter {
  /** Columns of the table that are left out are unknown. */
  write(rows: number, columns: readonly BulkColumn[]): void;
  /** Writes what is held back. Nothing can be written afterwards. */
  close(): void;
}

/** The engine takes rows in vectors of so many. */
const VECTOR_ROWS = 2_048;
const TYPES = { BIGINT: 5, INTEGER: 4, SMALLINT: 3, FLOAT: 10 } as const satisfies Record<BulkColumn["type"], number>;
const NONE_KNOWN = new ArrayBuffer(VECTOR_ROWS / 8);

/**
 * Opens a writer by the engine's own bindings: its appender for JavaScript takes one value at a time.
 *
 * @param names the columns of the table, in order
 */
export function openTableWriter(
  connection: DuckDBConnection,
  table: string,
  columns: readonly Pick<BulkColumn, "name" | "type">[],
): TableWriter {
  const bindings = createRequire(import.meta.url)("@duckdb/node-bindings") as Bindings;
  const raw = (connection as unknown as { readonly connection: Parameters<Bindings["appender_create"]>[0] }).connection;
  const appender = bindings.appender_create(raw, null, table);
  const chunk = bindings.create_data_chunk(
    columns.map(({ type }) => bindings.create_logical_type(TYPES[type] as never)),
  );

  const vectors = columns.map((_, index) => bindings.data_chunk_get_vector(chunk, index));

  function writeVector(from: number, rows: number, given: readonly (BulkColumn | undefined)[]): void {
    bindings.data_chunk_reset(chunk);
    given.forEach((column, index) => {
      const vector = vectors[index] as (typeof vectors)[number];
      if (column !== undefined) {
        bindings.copy_data_to_vector(vector, 0, column.values, from * column.width, rows * column.width);
        if (column.known === null) return;
      }
      bindings.vector_ensure_validity_writable(vector);
      const known = column?.known ?? NONE_KNOWN;
      const at = column === undefined ? 0 : from / 8;
      bindings.copy_data_to_vector_validity(vector, 0, known, at, Math.ceil(rows / 8));
    });
    bindings.data_chunk_set_size(chunk, rows);
    bindings.append_data_chunk(appender, chunk);
  }

  return {
    write(rows, given) {
      const byName = new Map(given.map((column) => [column.name, column]));
      const inOrder = columns.map(({ name }) => byName.get(name));
      for (let from = 0; from < rows; from += VECTOR_ROWS) {
        writeVector(from, Math.min(VECTOR_ROWS, rows - from), inOrder);
      }
    },
    close: () => bindings.appender_close_sync(appender),
  };
}
