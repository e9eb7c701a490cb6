import type { Dimension } from "../../domain/traffic.ts";

/** The dimensions whose texts are numbered. A status is its own number. */
export type TextDimension = Exclude<Dimension, "status">;

/** From the numbers in the table's columns to the texts that they stand for, and back. */
export interface Dictionaries {
  /** Gives the texts in the order of the ids, each of which is one that the dimension's column holds. */
  valuesOf(dimension: TextDimension, ids: readonly number[]): Promise<readonly string[]>;
  /** Gives how many texts a dimension has, or a few more; 0 where it has no column. */
  countOf(dimension: TextDimension): number;
  /** Gives the ids of a text; none where no request has it. */
  idsOf(dimension: TextDimension, value: string): Promise<readonly number[]>;
}
