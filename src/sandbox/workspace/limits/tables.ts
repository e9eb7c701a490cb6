import { isObject, type Json, type JsonObject } from "../json.ts";
import { type CheckContext, checkString, type ObjectCheck } from "./check.ts";

/** @source https://docs.slack.dev/reference/block-kit/blocks/table-block */
const MAX_ROWS = 100;
const MAX_COLUMNS = 20;
/** A data table's header comes on top of its rows. */
const MAX_DATA_ROWS = MAX_ROWS + 1;

export function checkTable(...[block, at, context]: Parameters<ObjectCheck>): void {
  checkRows(block["rows"], `${at}/rows`, context, MAX_ROWS);
}

export function checkDataTable(...[block, at, context]: Parameters<ObjectCheck>): void {
  checkString(block["caption"], `${at}/caption`, context, { max: 3000, isRequired: true, min: 1 });
  checkRows(block["rows"], `${at}/rows`, context, MAX_DATA_ROWS);
  const rows = Array.isArray(block["rows"]) ? block["rows"] : [];
  const widths = new Set(rows.map((row: Json) => (Array.isArray(row) ? row.length : 0)));
  if (widths.size > 1) context.report(`${at}/rows`, "all rows must have the same number of cells");
}

function checkRows(rows: Json, at: string, context: CheckContext, max: number): void {
  if (!Array.isArray(rows) || rows.length === 0) {
    context.report(at, "must have at least one row");
    return;
  }
  if (rows.length > max) context.report(at, `no more than ${max} items allowed`);
  for (const [index, row] of rows.entries()) {
    if (!Array.isArray(row)) context.report(`${at}/${index}`, "must be an array");
    else checkRow(row, `${at}/${index}`, context);
  }
}

function checkRow(row: readonly Json[], at: string, context: CheckContext): void {
  if (row.length > MAX_COLUMNS) context.report(at, `no more than ${MAX_COLUMNS} items allowed`);
  for (const [index, cell] of row.entries()) {
    if (!isObject(cell)) context.report(`${at}/${index}`, "must be an object");
    else checkCell(cell, `${at}/${index}`, context);
  }
}

function checkCell(cell: JsonObject, at: string, context: CheckContext): void {
  if (cell["type"] === "raw_text") {
    checkString(cell["text"], `${at}/text`, context, { max: 3000, min: 1, isRequired: true });
  } else if (cell["type"] !== "rich_text" && cell["type"] !== "raw_number") {
    context.report(`${at}/type`, "must be one of: raw_text, raw_number, rich_text");
  }
}
