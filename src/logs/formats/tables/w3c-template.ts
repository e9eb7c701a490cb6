import type { LineTemplate, Meaning, Part } from "../line-template.ts";
import type { FieldRules } from "../objects/object-fields.ts";
import { joinLiterals } from "../text/line-parts.ts";
import { isQuoted, splitRow } from "./w3c-row.ts";

/** What the columns of a table stand for, and what parts them. */
export interface Layout {
  readonly columns: readonly Meaning[];
  readonly delimiter: string;
}

/**
 * Writes down what a table's rows look like, up to the last column that tells something; null where they are not all
 * alike, so that the patient way has to read them.
 * @param rows some rows of the table
 * @param widths numbers of columns after which a row may end
 */
export function templateOf(
  { columns, delimiter }: Layout,
  rows: readonly string[],
  { escaping, legs }: FieldRules,
  widths: readonly number[],
): LineTemplate | null {
  const width = columns.findLastIndex((is) => is !== "ignored") + 1;
  const cells = rows.map((row) => splitRow(row, delimiter, width));
  const quoted = columns
    .slice(0, width)
    .map((_, column) => cells.length > 0 && cells.every((row) => isQuoted(row[column] ?? "")));
  const areAlike = cells.every((row) => row.every((cell, column) => cell.startsWith('"') === quoted[column]));
  if (width === 0 || !areAlike) return null;

  const parts = columns.slice(0, width).flatMap((is, column): Part[] => {
    const quote = quoted[column] ? '"' : "";
    const mayEnd = column + 1 === width || widths.includes(column + 1);
    return [
      { kind: "literal", text: quote },
      { kind: "field", is },
      { kind: "literal", text: quote },
      ...(mayEnd ? [{ kind: "may-end" } as const] : []),
      { kind: "literal", text: delimiter },
    ];
  });
  // A row that is short tells all that it has.
  return { parts: joinLiterals([...parts, { kind: "rest" }]), escaping, legs, cut: "told" };
}
