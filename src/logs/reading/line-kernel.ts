import { COLUMN_WIDTHS, NUMBER_COLUMNS, QUERY_HASH_COLUMN, TEXT_COLUMNS } from "../columns.ts";
import type { Escaping } from "../formats/line-template.ts";
import * as code from "../kernel/codes.ts";
import { type KernelExports, startKernel } from "../kernel/kernel.ts";
import type { LineProgram } from "../kernel/line-program.ts";
import type { HashSeed } from "../query-hash.ts";
import { type Batch, type BatchColumn, type NewTexts, packKnown } from "./batch.ts";

/** For a program that takes no line: every line is left over then. */
const TAKES_NOTHING = Uint8Array.of(code.OP_LITERAL, 255);
/** Beyond this a kernel is given up for a new one, whose dictionaries are empty. */
const MAX_KERNEL_BYTES = 64 * 1024 ** 2;

/** What a reader is told once, for all its files. */
export interface KernelSettings {
  /** The codes of the columns that are kept. */
  readonly wanted: ReadonlySet<number>;
  /** Where texts of queries are hashed, and not kept. */
  readonly queryHashSeed?: HashSeed;
  /** Requests that arrived before, or then or after, are counted, and not kept. */
  readonly startMs: number;
  readonly endMs: number;
  /** Whether the client is to be found behind proxies. */
  readonly joinsForwardedFor: boolean;
  /** Whether lines are left over that it could read, and that are not as their server writes them. */
  readonly leavesDamaged: boolean;
}

/** Takes bytes, gives batches, and hands over each line that it leaves over. Owns the memory of a kernel. */
export class LineKernel {
  readonly #settings: KernelSettings;
  readonly #name: string;
  readonly #escaping: Escaping;
  readonly #emit: (batch: Batch) => void;
  #kernel: KernelExports;
  #program: LineProgram | null = null;
  #generation = 0;
  /** How many texts of each column were given away. */
  #given = new Uint32Array(code.TEXT_COLUMNS);
  /** Bytes of a line that has not ended, at the start of the input. */
  #carried = 0;
  #isSkipping = false;
  #endOfWhole: EndOfWhole = () => 0;
  /** Lines of the present file that became rows, or would have within the window. */
  linesTaken = 0;
  /** Of these, the ones that are not as their server writes them. */
  linesDamaged = 0;

  constructor(options: {
    readonly settings: KernelSettings;
    readonly name: string;
    readonly escaping: Escaping;
    emit(batch: Batch): void;
  }) {
    this.#settings = options.settings;
    this.#name = options.name;
    this.#escaping = options.escaping;
    this.#emit = options.emit;
    this.#kernel = startKernel();
  }

  /** Begins a file. */
  begin(program: LineProgram | null, endOfWhole: EndOfWhole = () => 0): void {
    this.#program = program;
    this.#endOfWhole = endOfWhole;
    this.#carried = 0;
    this.#isSkipping = false;
    this.linesTaken = 0;
    this.linesDamaged = 0;
    this.#load();
  }

  /** Reads what follows by another program. */
  follow(program: LineProgram | null): void {
    this.#program = program;
    this.#load();
  }

  /**
   * Reads the next bytes of the file. `leave` is called with each line that is no row, without its newline; with one
   * that begins with `#` before what follows is read, which may be by another program then.
   */
  feed(chunk: Uint8Array, leave: (line: Buffer) => void): void {
    for (let start = 0; start < chunk.length; start += code.CHUNK_BYTES) {
      this.#feedPiece(chunk.subarray(start, start + code.CHUNK_BYTES), leave);
    }
  }

  /** Ends the file: a last line without a newline is a line. */
  end(leave: (line: Buffer) => void): void {
    if (this.#carried > 0) this.#feedPiece(Uint8Array.of(NEWLINE), leave);
    this.#isSkipping = false;
  }

  /** Gives away the rows that are left in a batch that is not full. */
  flush(): void {
    const kernel = this.#kernel;
    const rows = kernel.rows.value;
    if (rows > 0) {
      this.#emit({
        reader: this.#name,
        generation: this.#generation,
        escaping: this.#escaping,
        rows,
        columns: [...this.#textColumns(rows), ...this.#numberColumns(rows)],
        texts: this.#newTexts(),
      });
    }
    kernel.beginBatch();
  }

  #feedPiece(piece: Uint8Array, leave: (line: Buffer) => void): void {
    const rest = this.#isSkipping ? behindNewline(piece) : piece;
    if (rest === null) return;
    this.#isSkipping = false;
    const kernel = this.#kernel;
    const input = kernel.input.value;
    memoryOf(kernel).set(rest, input + this.#carried);
    const end = input + this.#carried + rest.length;
    let at = input;
    for (let before = -1; at !== before; ) {
      before = at;
      at = kernel.readLines(at, end);
      this.linesTaken += kernel.linesTaken.value;
      this.linesDamaged += kernel.linesDamaged.value;
      this.#leaveLines(kernel.rejectCount.value, leave);
      if (kernel.rows.value === code.BATCH_ROWS) this.flush();
    }
    this.#carry(at, end, leave);
    if (kernel.memory.buffer.byteLength > MAX_KERNEL_BYTES) this.#startAnew();
  }

  #leaveLines(count: number, leave: (line: Buffer) => void): void {
    if (count === 0) return;
    const { memory, rejects } = this.#kernel;
    const places = new Uint32Array(memory.buffer, rejects.value, 2 * count).slice();
    for (let index = 0; index < 2 * count; index += 2) {
      leave(Buffer.from(memory.buffer, places[index], places[index + 1]));
    }
  }

  /** Keeps what is left of a line for when more comes; what is too long to be one is left over cut, and the rest let go. */
  #carry(from: number, end: number, leave: (line: Buffer) => void): void {
    const memory = memoryOf(this.#kernel);
    const input = this.#kernel.input.value;
    let at = from;
    if (end - at > code.MAX_LINE_BYTES) {
      const whole = this.#endOfWhole(Buffer.from(memory.buffer, at, end - at));
      if (whole > 0) leave(Buffer.from(memory.buffer, at, whole));
      at += whole;
    }
    this.#carried = end - at;
    if (this.#carried > code.MAX_LINE_BYTES) {
      leave(Buffer.from(memory.buffer, at, LONG_LINE_KEPT_BYTES));
      this.#carried = 0;
      this.#isSkipping = true;
    } else memory.copyWithin(input, at, end);
  }

  #textColumns(rows: number): BatchColumn[] {
    return TEXT_COLUMNS.filter(({ code: column }) => this.#settings.wanted.has(column)).flatMap(({ code: column }) =>
      this.#column(column, 4, rows),
    );
  }

  #numberColumns(rows: number): BatchColumn[] {
    const { wanted, queryHashSeed } = this.#settings;
    const hash = queryHashSeed === undefined ? [] : [QUERY_HASH_COLUMN];
    return [...NUMBER_COLUMNS.filter(({ code: column }) => wanted.has(column)), ...hash].flatMap(
      ({ code: column, type }) => this.#column(column, COLUMN_WIDTHS[type], rows),
    );
  }

  #column(column: number, width: number, rows: number): BatchColumn[] {
    const kernel = this.#kernel;
    const { buffer } = kernel.memory;
    const known = packKnown(new Uint8Array(buffer, kernel.knownOf(column), Math.ceil(rows / 8)), rows);
    if (known === undefined) return [];
    const from = kernel.columnOf(column);
    return [{ code: column, values: buffer.slice(from, from + rows * width) as ArrayBuffer, known }];
  }

  #newTexts(): NewTexts[] {
    const kernel = this.#kernel;
    const { buffer } = kernel.memory;
    return TEXT_COLUMNS.flatMap(({ code: column }) => {
      const given = this.#given[column] ?? 0;
      const count = kernel.countOf(column);
      if (count === given) return [];
      this.#given[column] = count;
      const allEnds = new Uint32Array(buffer, kernel.endsOf(column), count);
      const start = given === 0 ? 0 : (allEnds[given - 1] ?? 0);
      const ends = allEnds.slice(given).map((end) => end - start);
      const texts = kernel.textsOf(column);
      return [
        { code: column, bytes: buffer.slice(texts + start, texts + (allEnds[count - 1] ?? 0)) as ArrayBuffer, ends },
      ];
    });
  }

  #load(): void {
    const { wanted, joinsForwardedFor, leavesDamaged, startMs, endMs, queryHashSeed } = this.#settings;
    let texts = 0;
    for (const column of wanted) if (column < code.TEXT_COLUMNS) texts |= 1 << column;
    const kernel = this.#kernel;
    const { legs, cutRule } = this.#program ?? { legs: code.LEGS_LOGGED, cutRule: code.CUT_IS_UNKNOWN };
    const shapes = this.#escaping === "percent" ? code.QUERY_SHAPES_PERCENT : code.QUERY_SHAPES;
    const queries = queryHashSeed === undefined ? code.QUERY_TEXTS : shapes;
    const [low, high] = queryHashSeed ?? [0, 0];
    kernel.setFormat(texts, joinsForwardedFor, leavesDamaged, legs, cutRule, queries, low, high, startMs, endMs);
    memoryOf(kernel).set(this.#program?.bytes ?? TAKES_NOTHING, kernel.program.value);
  }

  /** Goes on with a new kernel where the old one's dictionaries have become too large. */
  #startAnew(): void {
    this.flush();
    const input = this.#kernel.input.value;
    const carried = memoryOf(this.#kernel).slice(input, input + this.#carried);
    this.#kernel = startKernel();
    this.#generation += 1;
    this.#given = new Uint32Array(code.TEXT_COLUMNS);
    this.#load();
    memoryOf(this.#kernel).set(carried, this.#kernel.input.value);
  }
}

/** How many bytes of a line that is too long to be one, and goes on, can be left over already; 0 for none. */
type EndOfWhole = (line: Buffer) => number;

const NEWLINE = 0x0a;
/** Of a line that is longer than any request, what is kept for a look. */
const LONG_LINE_KEPT_BYTES = 64 * 1024;

/** What follows the end of a line; null where that is not in there. */
function behindNewline(piece: Uint8Array): Uint8Array | null {
  const newline = piece.indexOf(NEWLINE);
  return newline === -1 ? null : piece.subarray(newline + 1);
}

function memoryOf(kernel: KernelExports): Uint8Array {
  return new Uint8Array(kernel.memory.buffer);
}
