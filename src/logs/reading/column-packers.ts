import type { NumberColumn, TextColumn } from "../columns.ts";
import { BATCH_ROWS } from "../kernel/codes.ts";
import { type BatchColumn, type NewTexts, packKnown } from "./batch.ts";

const BITS_BYTES = BATCH_ROWS / 8;
const FIRST_TEXT_BYTES = 64 * 1024;
/** Of UTF-8 for each unit of UTF-16. */
const MAX_BYTES_PER_CHAR = 3;
/** A shorter text that was cut out of a line is a copy, and does not hold on to it. */
const MIN_SLICED_CHARS = 13;

/** Packs the values of a text column: numbers, and for each number a text. */
export class TextPacker {
  readonly #code: number;
  readonly #numbers = new Map<string, number>();
  #count = 0;
  readonly #values = new Uint32Array(BATCH_ROWS);
  readonly #bits = new Uint8Array(BITS_BYTES);
  /** Texts that were not given away, in UTF-8, and where each ends. */
  #texts = Buffer.alloc(FIRST_TEXT_BYTES);
  #ends: number[] = [];
  #end = 0;

  constructor({ code }: TextColumn) {
    this.#code = code;
  }

  /** Gives how many bytes of text are new with it. */
  put(row: number, text: string | null): number {
    if (text === null || text === "") {
      this.#values[row] = 0;
      return 0;
    }
    const before = this.#end;
    this.#values[row] = this.#numbers.get(text) ?? this.#add(text);
    setBit(this.#bits, row);
    return this.#end - before;
  }

  /** Gives away what was put into the first rows, and the texts that are new since the last time. */
  take(rows: number): { readonly column: BatchColumn | null; readonly texts: NewTexts | null } {
    const code = this.#code;
    const known = packKnown(this.#bits.subarray(0, Math.ceil(rows / 8)), rows);
    this.#bits.fill(0);
    const column = known === undefined ? null : { code, values: this.#values.slice(0, rows).buffer, known };
    if (this.#ends.length === 0) return { column, texts: null };
    const bytes = new Uint8Array(this.#texts.subarray(0, this.#end)).buffer;
    const texts = { code, bytes, ends: Uint32Array.from(this.#ends) };
    this.#ends = [];
    this.#end = 0;
    return { column, texts };
  }

  /** Numbers texts from 1 on again. */
  forget(): void {
    this.#numbers.clear();
    this.#count = 0;
  }

  #add(text: string): number {
    this.#makeRoom(this.#end + MAX_BYTES_PER_CHAR * text.length);
    const start = this.#end;
    this.#end += this.#texts.write(text, start);
    this.#ends.push(this.#end);
    this.#count += 1;
    const own = text.length < MIN_SLICED_CHARS ? text : this.#texts.toString("utf8", start, this.#end);
    this.#numbers.set(own, this.#count);
    return this.#count;
  }

  #makeRoom(needed: number): void {
    if (needed <= this.#texts.length) return;
    const larger = Buffer.alloc(Math.max(needed, 2 * this.#texts.length));
    this.#texts.copy(larger, 0, 0, this.#end);
    this.#texts = larger;
  }
}

/** Packs the values of a column of numbers. */
export class NumberPacker {
  readonly #code: number;
  readonly #values: BigInt64Array<ArrayBuffer> | Int16Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
  readonly #bits = new Uint8Array(BITS_BYTES);

  constructor({ code, type }: NumberColumn) {
    this.#code = code;
    this.#values = valuesOf(type);
  }

  put(row: number, value: number | null): void {
    if (value === null) return;
    const values = this.#values;
    if (values instanceof BigInt64Array) values[row] = BigInt(Math.trunc(value));
    else values[row] = value;
    setBit(this.#bits, row);
  }

  /** Gives away what was put into the first rows. */
  take(rows: number): BatchColumn | null {
    const known = packKnown(this.#bits.subarray(0, Math.ceil(rows / 8)), rows);
    this.#bits.fill(0);
    return known === undefined ? null : { code: this.#code, values: this.#values.slice(0, rows).buffer, known };
  }
}

function valuesOf(
  type: NumberColumn["type"],
): BigInt64Array<ArrayBuffer> | Int16Array<ArrayBuffer> | Float32Array<ArrayBuffer> {
  switch (type) {
    case "BIGINT":
      return new BigInt64Array(BATCH_ROWS);
    case "SMALLINT":
      return new Int16Array(BATCH_ROWS);
    case "FLOAT":
      return new Float32Array(BATCH_ROWS);
  }
}

function setBit(bits: Uint8Array, row: number): void {
  bits[row >> 3] = (bits[row >> 3] ?? 0) | (1 << (row & 7));
}
