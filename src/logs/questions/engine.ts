import type { TimeWindow } from "../../domain/time-window.ts";
import type { Dimension } from "../../domain/traffic.ts";
import type { RequestColumn } from "./columns.ts";
import type { Dialect } from "./dialect.ts";

/** What a query gives back. */
export type Cell = string | number | boolean | null;
/** A result by columns, in the order of the query; each holds as many cells as there are rows. */
export type Columns = readonly (readonly Cell[])[];

/** Where the requests are: a table or a view, one row a request. */
export interface Relation {
  readonly name: string;
  /** The columns that it has; what it lacks is unknown for every request. */
  readonly columns: ReadonlySet<string>;
  /** Columns that stand for others in what is counted. */
  readonly insteadOf?: Readonly<Partial<Record<RequestColumn, RequestColumn>>>;
  /** A condition that spares the engine what cannot be in any of the windows. */
  prune?(windows: readonly TimeWindow[]): string;
}

/** What answers questions: runs SQL in its dialect, and knows what keys stand for. */
export interface Engine {
  readonly dialect: Dialect;
  readonly relation: Relation;
  query(sql: string): Promise<Columns>;
  /** Gives the literals of the keys that stand for a text; none where no request has it. */
  keysOf(dimension: Dimension, text: string): Promise<readonly string[]>;
  /** Gives the texts that keys stand for, in the keys' order. */
  textsOf(dimension: Dimension, keys: readonly Cell[]): Promise<readonly string[]>;
}
