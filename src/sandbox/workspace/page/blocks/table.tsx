import { isObject, type Json, type JsonObject, objectsOf, textOf } from "../../json.ts";
import { DrawnBlocks } from "./drawn-blocks.tsx";

/** A table; its first row names the columns. */
export function TableBlock({ block }: { readonly block: JsonObject }) {
  const [head = [], ...rows] = rowsOf(block["rows"]);
  const settings = objectsOf(block["column_settings"]);
  const caption = textOf(block["caption"]);
  const align = (column: number) => textOf(settings[column]?.["align"]) ?? (isNumeric(rows, column) ? "right" : "left");
  const isWrapped = (column: number) => settings[column]?.["is_wrapped"] === true;
  return (
    <div className="block-table" data-testid="table">
      <table>
        {caption !== null && <caption>{caption}</caption>}
        <thead>
          <tr>
            {head.map((cell, column) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
              <th key={column} scope="col" data-align={align(column)}>
                <Cell cell={cell} />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
            <tr key={index}>
              {row.map((cell, column) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place
                <td key={column} data-align={align(column)} data-wrapped={isWrapped(column)}>
                  <Cell cell={cell} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Cell({ cell }: { readonly cell: JsonObject }) {
  switch (cell["type"]) {
    case "rich_text":
      return <DrawnBlocks blocks={[cell]} />;
    case "raw_number":
      return <>{textOf(cell["text"]) ?? String(cell["value"] ?? "")}</>;
    default:
      return <>{textOf(cell["text"])}</>;
  }
}

function rowsOf(rows: Json): readonly (readonly JsonObject[])[] {
  return Array.isArray(rows) ? rows.map((row: Json) => (Array.isArray(row) ? row.filter(isObject) : [])) : [];
}

function isNumeric(rows: readonly (readonly JsonObject[])[], column: number): boolean {
  return rows.length > 0 && rows.every((row) => row[column]?.["type"] === "raw_number");
}
