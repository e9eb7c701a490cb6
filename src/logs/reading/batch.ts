import type { Escaping } from "../formats/line-template.ts";

/** Rows on their way from a reader to the table: plain bytes, so that they can cross threads without being copied. */
export interface Batch {
  /** Which reader's numbers the texts have. */
  readonly reader: string;
  /** A reader numbers its texts on from batch to batch; with each generation it begins at 1 again. */
  readonly generation: number;
  /** How the texts are escaped; null where they are as they were meant. */
  readonly escaping: Escaping | null;
  readonly rows: number;
  /** Those of which at least one value is known. */
  readonly columns: readonly BatchColumn[];
  readonly texts: readonly NewTexts[];
}

export interface BatchColumn {
  /** The number of a column in `columns.ts`. */
  readonly code: number;
  /** One value a row, in the machine's byte order: 32 bits for texts, 0 where it is unknown. */
  readonly values: ArrayBuffer;
  /** A bit a row, the lowest first: whether its value is known; null where all are. */
  readonly known: ArrayBuffer | null;
}

/** Texts that a reader has numbered since its last batch. */
export interface NewTexts {
  readonly code: number;
  /** UTF-8, or what a log had in its place, one text behind the other. */
  readonly bytes: ArrayBuffer;
  /** Where each ends, from the start of `bytes`. */
  readonly ends: Uint32Array;
}

/** Everything in a batch that moves when it is sent to another thread. */
export function transferable(batch: Batch): ArrayBuffer[] {
  return [
    ...batch.columns.flatMap(({ values, known }) => (known === null ? [values] : [values, known])),
    ...batch.texts.flatMap(({ bytes, ends }) => [bytes, ends.buffer as ArrayBuffer]),
  ];
}

/** Leaves out the bits of known values where all are known; undefined where none is. */
export function packKnown(bits: Uint8Array, rows: number): ArrayBuffer | null | undefined {
  let count = 0;
  for (const byte of bits) count += ONES[byte] as number;
  if (count === 0) return undefined;
  return count === rows ? null : (bits.slice().buffer as ArrayBuffer);
}

const ONES = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll("0", "").length);
