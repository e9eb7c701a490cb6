import { readCleanLine } from "../formats/clean-line.ts";
import { bytesOfWholeObjects, splitConcatenatedJson } from "../formats/concatenated-json.ts";
import { type Detection, isWholeRequest } from "../formats/detect.ts";
import type { ForeignFormat } from "../formats/foreign-line.ts";
import type { LineReader, LogFormat } from "../formats/format.ts";
import { salvageLine } from "../formats/salvage.ts";
import { compileProgram } from "../kernel/line-program.ts";
import type { LogRecord } from "../record.ts";
import { behindHole, linesOf, looksBinary, partsOf, withoutByteOrderMark } from "./file-head.ts";
import type { FileResult } from "./file-reader.ts";
import type { LineKernel } from "./line-kernel.ts";
import { whyNotLines } from "./other-bytes.ts";

/** `lines = parsed + recovered + unparsed`. */
export interface LineCounts {
  readonly lines: number;
  /** Taken by the format's own reader. Of these, `headers` are no requests: they say how the others are laid out. */
  readonly parsed: number;
  readonly headers: number;
  /** Damaged, and read as far as that goes. */
  readonly recovered: number;
  readonly unparsed: number;
  /** The first unparsed lines, cut. */
  readonly samples: readonly string[];
}

/** How lines are told, and where they go. */
export interface LineSink {
  /** Tells the format by lines of the file's start. */
  detect(lines: readonly string[]): Detection;
  /** Gives what stands before each line, if a container's log put something there. */
  findPrefix(lines: readonly string[]): ((line: string) => string) | null;
  /** Gives the kernel for lines that are escaped so. */
  kernelFor(escaping: NonNullable<LineReader["template"]>["escaping"] | null): LineKernel;
  /** Tells lines of other formats that may be among a file's; null where somebody has said what they are. */
  readonly foreignFormat: ForeignFormat | null;
  /** Takes what the patient reader made of a line. */
  keep(record: LogRecord): void;
}

const HEAD_LINES = 100;
/** What a program says while it starts may come before all requests. */
const LATE_LINES = 2_000;
const HEAD_BYTES = 64 * 1024;
const SAMPLES = 10;
const SAMPLE_CHARS = 500;

/** The lines of one file, from its bytes. Looks at the first of them before it reads any. */
export class FileLines {
  readonly #sink: LineSink & { readonly takesAnything: boolean; readonly isGzip: boolean };
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #result: FileResult | null = null;
  #reading: Reading | null = null;
  #recovered = 0;
  #headers = 0;
  #plain = 0;
  #unparsed = 0;
  #mayHaveMark = false;
  /** Whether nothing but zero bytes came yet, as where a log was emptied while its server wrote on. */
  #isInHole = true;
  #holeBytes = 0;
  readonly #samples: string[] = [];

  constructor(sink: LineSink & { readonly takesAnything: boolean; readonly isGzip: boolean }) {
    this.#sink = sink;
  }

  /**
   * Tells how the file starts, of which the bytes that follow are a part.
   * @param isFirst whether they are its first part
   */
  tell(head: Buffer, isFirst: boolean): void {
    this.#setUp(behindHole(head), false);
    this.#mayHaveMark = isFirst;
    this.#isInHole = isFirst;
  }

  /** Takes the next bytes; false when no more are wanted. */
  take(bytes: Buffer): boolean {
    const chunk = this.#isInHole ? behindHole(bytes) : bytes;
    this.#holeBytes += bytes.length - chunk.length;
    if (chunk.length === 0) return this.#result === null;
    this.#isInHole = false;
    if (this.#reading === null && this.#result === null) {
      // The chunk is not ours to keep.
      this.#pending.push(Buffer.from(chunk));
      this.#pendingBytes += chunk.length;
      if (this.#pendingBytes >= HEAD_BYTES) this.#setUpFromPending(false);
    } else {
      this.#reading?.kernel.feed(this.#mayHaveMark ? withoutByteOrderMark(chunk) : chunk, this.#leave);
      this.#mayHaveMark = false;
    }
    return this.#result === null;
  }

  /**
   * Ends the file, and says what became of it.
   * @param isWhole whether the last line is one; what somebody stopped in the middle of is none
   */
  end(damage: string | null, isWhole = true): FileResult {
    if (this.#reading === null && this.#result === null) {
      if (this.#pendingBytes === 0) return { kind: "skipped", reason: this.#nothingIn(damage) };
      this.#setUpFromPending(isWhole);
    }
    if (this.#reading === null) return this.#result as FileResult;
    const { kernel, format, because } = this.#reading;
    if (isWhole) kernel.end(this.#leave);
    const parsed = kernel.linesTaken - kernel.linesDamaged + this.#plain + this.#headers;
    const recovered = kernel.linesDamaged + this.#recovered;
    const counts = {
      lines: parsed + recovered + this.#unparsed,
      parsed,
      headers: this.#headers,
      recovered,
      unparsed: this.#unparsed,
      samples: this.#samples,
    };
    return { kind: "read", format: format.name, because, counts, damage };
  }

  #nothingIn(damage: string | null): string {
    if (this.#holeBytes > 0) return "holds nothing but zero bytes";
    if (!this.#sink.isGzip) return "is empty";
    return damage === "gzip is damaged"
      ? "begins like gzip, but cannot be unpacked"
      : "is gzip with nothing in it, or cut before its first byte";
  }

  #setUpFromPending(isWhole: boolean): void {
    const pending = Buffer.concat(this.#pending);
    this.#pending = [];
    this.#setUp(pending, isWhole);
    this.#reading?.kernel.feed(withoutByteOrderMark(pending), this.#leave);
  }

  #setUp(head: Buffer, isWhole: boolean): void {
    const other = whyNotLines(head);
    if (other !== null) {
      this.#result = { kind: "skipped", reason: other };
      return;
    }
    const first = this.#tellBy(linesOf(head, isWhole, HEAD_LINES), HEAD_LINES);
    const isBinary = first.format === null && looksBinary(head);
    const later = first.format !== null || isBinary ? [] : linesOf(head, isWhole, LATE_LINES);
    const { format, because, strip, stripped } = later.length > HEAD_LINES ? this.#tellBy(later, LATE_LINES) : first;
    if (format === null) {
      this.#result = { kind: "skipped", reason: isBinary ? "is binary" : because };
      return;
    }
    if (format.holds !== "requests" && !this.#sink.takesAnything) {
      this.#result = { kind: "set-aside", format: format.name, title: format.title };
      return;
    }
    const reader = format.open(stripped);
    const { template } = reader;
    const program = strip === null && template !== null ? compileProgram(template) : null;
    const kernel = this.#sink.kernelFor(program === null ? null : program.escaping);
    const isObjects = "readObject" in format && template === null;
    // Without newlines between them, objects are no line that is too long.
    kernel.begin(program, isObjects && strip === null ? bytesOfWholeObjects : undefined);
    this.#reading = { format, because, reader, kernel, strip, template, isPatient: program === null, isObjects };
  }

  #tellBy(lines: readonly string[], limit: number) {
    const strip = this.#sink.findPrefix(lines);
    const stripped = strip === null ? lines : lines.map(strip);
    return { ...this.#sink.detect(partsOf(stripped, limit)), strip, stripped };
  }

  /** A header within the file may have named the columns anew. */
  #followTemplate(reading: Reading): void {
    const { template } = reading.reader;
    if (template === reading.template) return;
    reading.template = template;
    // What is read slowly stays so: its kernel is for other texts.
    if (!reading.isPatient) reading.kernel.follow(template === null ? null : compileProgram(template));
  }

  /** Reads a line that the kernel does not take, with patience. */
  readonly #leave = (bytes: Buffer): void => {
    const { strip, isObjects } = this.#reading as Reading;
    // Files that were put together have their marks within.
    const text = withoutByteOrderMark(bytes[0] === 0 ? behindHole(bytes) : bytes).toString("utf8");
    const line = strip === null ? text : strip(text);
    if (!isObjects) this.#read(line, text);
    // Some deliver objects without newlines between them: each of them is one record.
    else for (const object of splitConcatenatedJson(line)) this.#read(object, object === line ? text : object);
  };

  #read(line: string, text: string): void {
    const reading = this.#reading as Reading;
    const read = reading.reader.read(line);
    if (read === "header") {
      this.#headers += 1;
      this.#followTemplate(reading);
    } else if (read !== null && isAsItShouldBe(line, reading.reader.template)) {
      this.#plain += 1;
      this.#sink.keep(read);
    } else {
      const other = this.#sink.foreignFormat === null ? read : this.#readForeign(line, read);
      if (other !== null) {
        this.#recovered += 1;
        this.#sink.keep(other);
      } else {
        this.#unparsed += 1;
        if (this.#samples.length < SAMPLES) this.#samples.push(text.slice(0, SAMPLE_CHARS));
      }
    }
  }

  /** What the format reads badly, or not at all, may be of another one, as where several servers write to one file. */
  #readForeign(line: string, read: LogRecord | null): LogRecord | null {
    const { format } = this.#reading as Reading;
    // To ask all formats takes longer than to read, and a damaged line's own one mostly reads the whole request.
    const foreign = isWholeRequest(read) ? null : (this.#sink.foreignFormat?.(line, format) ?? null);
    if (foreign === null) return read ?? salvageLine(line);
    if (foreign.holds !== "requests" && !this.#sink.takesAnything) return null;
    const other = foreign.open([line]).read(line);
    return other === "header" ? null : other;
  }
}

interface Reading {
  readonly format: LogFormat;
  readonly because: string;
  readonly reader: LineReader;
  readonly kernel: LineKernel;
  readonly strip: ((line: string) => string) | null;
  /** What the kernel goes by. */
  template: LineReader["template"];
  /** Whether there is no faster way, so that lines which are read so are nothing special. */
  readonly isPatient: boolean;
  /** Whether its lines are objects in JSON. */
  readonly isObjects: boolean;
}

/** Whether patience was not needed to read it. */
function isAsItShouldBe(line: string, template: LineReader["template"]): boolean {
  if (template !== null) return readCleanLine(template.parts, line) !== null;
  return !line.startsWith("{") || line.trimEnd().endsWith("}");
}
