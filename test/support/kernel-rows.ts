import { type ClientResolver, createClientResolver } from "../../src/logs/client-address.ts";
import { type COLUMN_WIDTHS, type Column, NUMBER_COLUMNS, TEXT_COLUMNS } from "../../src/logs/columns.ts";
import { ColumnTexts } from "../../src/logs/engines/duckdb/column-texts.ts";
import { DICTIONARY_LIMITS } from "../../src/logs/engines/duckdb/text-dictionary.ts";
import { readCleanLine } from "../../src/logs/formats/clean-line.ts";
import type { LineReader } from "../../src/logs/formats/format.ts";
import { compileProgram } from "../../src/logs/kernel/line-program.ts";
import type { Batch } from "../../src/logs/reading/batch.ts";
import { LineKernel } from "../../src/logs/reading/line-kernel.ts";
import { emptyRecord, type LogRecord } from "../../src/logs/record.ts";
import { textReader } from "../../src/logs/text-values.ts";

/** What a column holds of a request, by the names of its fields. */
export type KernelRow = Readonly<Omit<LogRecord, "forwardedFor">>;

/** A line without its newline, and what the two ways of reading make of it. */
export interface TwoReadings {
  readonly line: Buffer;
  /** Null where the kernel leaves the line to the patient reader. */
  readonly fast: KernelRow | null;
  /** Whether the kernel counts it as damaged. */
  readonly isCountedDamaged: boolean;
  /** Whether it is not as its server writes it. */
  readonly isDamaged: boolean;
  readonly patient: KernelRow | null;
}

const COLUMNS = [...TEXT_COLUMNS, ...NUMBER_COLUMNS];

/**
 * Makes what reads lines in both ways, each with the code that reads logs.
 * @param reader one whose template stays as it is, since it is given no header
 */
export function createBothWays(
  reader: LineReader,
  trustedProxies: readonly string[] = [],
): (lines: readonly Buffer[]) => readonly TwoReadings[] {
  const { template } = reader;
  const program = template === null ? null : compileProgram(template);
  if (template === null || program === null) throw new Error("there is no program for this format");
  const resolve = createClientResolver(trustedProxies);
  const texts = new Map(
    TEXT_COLUMNS.map(({ code }) => [
      code,
      new ColumnTexts([], (escaping) => textReader(code, escaping, resolve), DICTIONARY_LIMITS),
    ]),
  );
  let batches: Batch[] = [];
  const kernel = new LineKernel({
    settings: {
      wanted: new Set(COLUMNS.map(({ code }) => code)),
      startMs: 0,
      endMs: Number.MAX_SAFE_INTEGER,
      joinsForwardedFor: trustedProxies.length > 0,
      leavesDamaged: false,
    },
    name: "test",
    escaping: template.escaping,
    emit: (batch) => batches.push(batch),
  });
  kernel.begin(program);
  return (lines) => {
    const counts = lines.map((line) => {
      const { linesTaken, linesDamaged } = kernel;
      kernel.feed(Buffer.concat([line, NEWLINE]), () => {});
      return { isTaken: kernel.linesTaken > linesTaken, isCountedDamaged: kernel.linesDamaged > linesDamaged };
    });
    kernel.flush();
    const rows = batches.flatMap((batch) => rowsOf(batch, texts));
    batches = [];
    let row = 0;
    return lines.map((line, index) => {
      const { isTaken = false, isCountedDamaged = false } = counts[index] ?? {};
      const text = line.toString("utf8");
      return {
        line,
        fast: isTaken ? (rows[row++] ?? null) : null,
        isCountedDamaged,
        isDamaged: readCleanLine(template.parts, text.replace(/\r$/, "")) === null,
        patient: patientRow(reader.read(text), resolve),
      };
    });
  };
}

const NEWLINE = Buffer.from("\n");

function rowsOf(batch: Batch, texts: ReadonlyMap<number, ColumnTexts>): readonly KernelRow[] {
  for (const added of batch.texts) texts.get(added.code)?.take(batch, added);
  const rows = Array.from({ length: batch.rows }, () => ({ ...emptyRecord(0) }) as Record<string, unknown>);
  for (const { code, values, known } of batch.columns) {
    const column = COLUMNS.find((each) => each.code === code) as Column;
    const valueAt =
      column.kind === "text" ? textAt(texts.get(code) as ColumnTexts, batch, values) : numberAt(column.type, values);
    const bits = known === null ? null : new Uint8Array(known);
    rows.forEach((row, index) => {
      const isKnown = bits === null || ((bits[index >> 3] ?? 0) & (1 << (index & 7))) !== 0;
      if (isKnown) row[column.field] = valueAt(index);
    });
  }
  return rows.map(({ forwardedFor: _, ...row }) => row as unknown as KernelRow);
}

function textAt(texts: ColumnTexts, batch: Batch, values: ArrayBuffer): (row: number) => string | null {
  const numbers = new Uint32Array(values);
  const ids = texts.remapOf(batch);
  return (row) => {
    const id = ids[numbers[row] ?? 0] ?? 0;
    return id === 0 ? null : texts.texts.valueOf(id);
  };
}

function numberAt(type: keyof typeof COLUMN_WIDTHS, values: ArrayBuffer): (row: number) => number {
  const view = new DataView(values);
  if (type === "BIGINT") return (row) => Number(view.getBigInt64(8 * row, true));
  return type === "SMALLINT" ? (row) => view.getInt16(2 * row, true) : (row) => view.getFloat32(4 * row, true);
}

/** As precise as the table is. */
function patientRow(read: ReturnType<LineReader["read"]>, resolve: ClientResolver): KernelRow | null {
  if (read === null || read === "header") return null;
  const { forwardedFor, ...row } = read;
  const seconds = FLOATS.map(({ field }) => [field, read[field] === null ? null : Math.fround(read[field])]);
  return { ...row, ...Object.fromEntries(seconds), client: resolve(read.client, forwardedFor) };
}

const FLOATS = NUMBER_COLUMNS.filter(({ type }) => type === "FLOAT");
