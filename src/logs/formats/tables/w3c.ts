import type { LogRecord } from "../../record.ts";
import type { LineReader } from "../format.ts";
import type { FieldRules } from "../objects/object-fields.ts";
import { endRecord, startRecord } from "../record-draft.ts";
import { tell } from "../tell-field.ts";
import { columnsOf } from "./w3c-columns.ts";
import { contentOf, findDelimiter, splitRow } from "./w3c-row.ts";
import { type Layout, templateOf } from "./w3c-template.ts";

/** Tables of text whose columns a `#Fields:` line names, or else the format itself. */
export interface W3cFormat extends FieldRules {
  /** The names of the columns where no line of the file gives them, from some of its rows. */
  namesWithoutHeader(rows: readonly string[]): readonly string[];
  /** Numbers of columns that earlier versions of the table without names had. */
  readonly earlierWidths: readonly number[];
}

/**
 * Opens a table. It may name its columns anew at any line, as where files were put together; from there on, rows are
 * read by the new names, and the template is another one.
 */
export function openW3c(head: readonly string[], format: W3cFormat): LineReader {
  const lines = head.map(withoutReturn);
  const rows = lines.filter((line) => line !== "" && !line.startsWith("#"));
  const header = lines.find((line) => namesOfHeader(line) !== null);
  let names = namesOfHeader(header ?? "") ?? format.namesWithoutHeader(rows);
  let layout: Layout = { columns: columnsOf(names, format.fields), delimiter: findDelimiter(rows, names.length) };
  let template = templateOf(layout, rows, format, header === undefined ? format.earlierWidths : []);

  return {
    get template() {
      return template;
    },
    read: (line) => {
      if (!line.startsWith("#")) return readRow(withoutReturn(line), layout, format);
      const renamed = namesOfHeader(line);
      if (renamed !== null && renamed.join(" ") !== names.join(" ")) {
        names = renamed;
        layout = { ...layout, columns: columnsOf(renamed, format.fields) };
        template = templateOf(layout, [], format, []);
      }
      return "header";
    },
  };
}

const HEADER = "#Fields:";

/** Gives the names of a `#Fields:` line, which are parted by blanks or as the rows are; null for other lines. */
export function namesOfHeader(line: string): readonly string[] | null {
  if (!line.startsWith(HEADER)) return null;
  const names = line.slice(HEADER.length).split(/[\s,;|]+/);
  const given = names.filter((name) => name !== "");
  return given.length === 0 ? null : given;
}

function withoutReturn(line: string): string {
  return line.endsWith("\r") ? line.slice(0, -1) : line;
}

/** A row that is short tells what it has, and one that is long has columns nobody named. */
function readRow(row: string, { columns, delimiter }: Layout, rules: FieldRules): LogRecord | null {
  const cells = splitRow(row, delimiter, columns.length);
  const draft = startRecord(rules);
  columns.forEach((is, column) => {
    const cell = cells[column];
    if (cell !== undefined) tell(draft, is, contentOf(cell));
  });
  return endRecord(draft);
}
