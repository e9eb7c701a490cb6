/** Looks on while a file is read as all files are: how it is told, and what becomes of its first lines. */
import type { LogFormatSetting } from "../../config/log-format.ts";
import { createClientResolver } from "../client-address.ts";
import { columnsToKeep, NUMBER_COLUMNS, TEXT_COLUMNS } from "../columns.ts";
import { type ContainerPrefix, findContainerPrefix } from "../formats/container-prefix.ts";
import { type Detection, detectFormat } from "../formats/detect.ts";
import type { LineReader, LogFormat } from "../formats/format.ts";
import { FORMATS } from "../formats/index.ts";
import type { LineTemplate } from "../formats/line-template.ts";
import { whyUnread } from "../formats/why-unread.ts";
import { recordsOf } from "../reading/batch-records.ts";
import type { FileReading } from "../reading/file-reader.ts";
import { createReadingContext, type ReadSettings } from "../reading/reading-context.ts";
import type { LogRecord } from "../record.ts";
import type { ExplainedLine, Explanation, LeftLine, ToldFormat } from "./explanation.ts";

const LINES_SHOWN = 5;
const LEFT_SHOWN = 5;
const HEADERS_SHOWN = 3;

type Seen = Omit<Explanation, "file" | "bytes" | "packing" | "counts" | "problem">;

/** The usual reading, with somebody who looks on. */
export function createOnlooker(options: {
  readonly format: LogFormatSetting;
  readonly trustedProxies: readonly string[];
  readonly signal: AbortSignal;
  readonly maxBytes: number;
}): { readonly reading: FileReading; seen(): Seen } {
  const resolveClient = createClientResolver(options.trustedProxies);
  let bytes = 0;
  let isCut = false;
  let heads: readonly string[] = [];
  let isFast = false;
  let prefix: ContainerPrefix | null = null;
  let told: ToldFormat | null = null;
  let runnerUp: ToldFormat | null = null;
  let template: LineTemplate | null = null;
  const headers: string[] = [];
  const rows: LogRecord[] = [];
  const patient: ExplainedLine[] = [];
  const left: LeftLine[] = [];
  /** Of the lines at the start, the ones that the kernel left over, in their order. */
  const leftOfHead: string[] = [];

  const context = createReadingContext(settingsOf(options), {
    name: "explain",
    leavesDamaged: true,
    emit(batch) {
      // The first batch has enough; what comes by way of the patient reader is seen there.
      if (isFast && batch.escaping !== null && rows.length === 0) {
        rows.push(...recordsOf(batch, heads.length, resolveClient));
      }
    },
    ready: () => null,
    signal: options.signal,
  });

  function lookOn(reader: LineReader): LineReader {
    template = reader.template;
    return {
      template: reader.template,
      read(line) {
        const read = reader.read(line);
        if (leftOfHead.length < heads.length) leftOfHead.push(line);
        if (read === "header") {
          if (headers.length < HEADERS_SHOWN) headers.push(line);
        } else if (read !== null && !isFast) {
          if (patient.length < LINES_SHOWN) patient.push({ line, record: read });
        } else if (left.length < LEFT_SHOWN) {
          left.push({ line, record: read, because: read === null ? whyUnread(line, template) : null });
        }
        return read;
      },
    };
  }

  return {
    reading: {
      ...context.reading,
      findPrefix(lines) {
        const strip = context.reading.findPrefix(lines);
        prefix = strip === null ? null : findContainerPrefix(lines);
        return strip;
      },
      detect(lines) {
        heads = lines;
        const detection = context.reading.detect(lines);
        told = toldOf(detection);
        runnerUp = secondGuess(lines, detection);
        if (detection.format === null) return detection;
        const { format } = detection;
        return { ...detection, format: { ...format, open: (head) => lookOn(format.open(head)) } };
      },
      foreignFormat:
        context.reading.foreignFormat &&
        ((line, own) => {
          const foreign = context.reading.foreignFormat?.(line, own) ?? null;
          const last = left.at(-1);
          if (foreign !== null && last?.line === line) left.splice(-1, 1, asRead(line, foreign));
          return foreign;
        }),
      kernelFor(escaping) {
        isFast = escaping !== null;
        return context.reading.kernelFor(escaping);
      },
      ready(more) {
        bytes += more;
        isCut = bytes >= options.maxBytes;
        return isCut ? false : null;
      },
    },
    seen() {
      context.flush();
      const taken = linesTaken(heads, leftOfHead);
      const read = isFast ? rows.map((record, index) => ({ line: taken[index] ?? null, record })) : patient;
      return {
        ...{ told, runnerUp, prefix, template, isFast, headers, left },
        parsed: read.slice(0, LINES_SHOWN),
        readBytes: isCut ? bytes : null,
      };
    },
  };
}

function asRead(line: string, foreign: LogFormat): LeftLine {
  const read = foreign.open([line]).read(line);
  return read === null || read === "header"
    ? { line, record: null, because: `it is of another format, ${foreign.name}` }
    : { line, record: read, because: null };
}

function settingsOf({ format, trustedProxies }: Pick<ReadSettings, "format" | "trustedProxies">): ReadSettings {
  const wanted = columnsToKeep([...TEXT_COLUMNS, ...NUMBER_COLUMNS].map(({ name }) => name));
  return { format, wanted, startMs: 0, endMs: Number.MAX_SAFE_INTEGER, trustedProxies };
}

/** The kernel gives rows and no lines: they are the ones at the start that it did not leave over. */
function linesTaken(heads: readonly string[], leftOver: readonly string[]): readonly string[] {
  let next = 0;
  return heads.filter((line) => {
    if (line !== leftOver[next]) return true;
    next += 1;
    return false;
  });
}

/** What content alone would say where the user has said something, and otherwise what it would say second. */
function secondGuess(lines: readonly string[], { format }: Detection): ToldFormat | null {
  if (format === null) return null;
  const others = FORMATS.filter(({ name }) => name !== format.name);
  return toldOf(detectFormat(lines, others));
}

function toldOf(detection: Detection): ToldFormat | null {
  if (detection.format === null) return null;
  const { name, title, holds } = detection.format;
  return { format: name, title, holds, because: detection.because };
}
