import { closingQuote } from "../closing-quote.ts";

/** Whoever has AWS deliver logs may choose what parts the fields. */
const DELIMITERS = ["\t", " ", ",", "|", ";"] as const;

/** Finds what parts the cells of rows: what gives as many cells as there are names, else a tab, else what gives most. */
export function findDelimiter(rows: readonly string[], width: number): string {
  const counted = DELIMITERS.map((delimiter) => {
    const widths = rows.map((row) => splitRow(row, delimiter, width + 1).length);
    return { delimiter, fitting: widths.filter((count) => count === width).length, most: Math.max(1, ...widths) };
  });
  const fitting = counted.reduce((best, one) => (one.fitting > best.fitting ? one : best));
  if (fitting.fitting > 0 || rows.some((row) => row.includes("\t"))) return fitting.delimiter;
  return counted.reduce((best, one) => (one.most > best.most ? one : best)).delimiter;
}

/** Splits a row into its first cells, as written; in quotes, the delimiter is an ordinary character. */
export function splitRow(row: string, delimiter: string, limit: number): readonly string[] {
  if (!row.includes('"')) return row.split(delimiter, limit);
  const cells: string[] = [];
  let mayBeQuoted = true;
  let start = 0;
  while (start <= row.length && cells.length < limit) {
    let end = -1;
    if (mayBeQuoted && row[start] === '"') {
      end = endOfQuoted(row, start, delimiter);
      // What is not closed from here is not closed from further on; looking again would take squared time.
      mayBeQuoted = end !== -1;
    }
    if (end === -1) end = row.indexOf(delimiter, start);
    if (end === -1) end = row.length;
    cells.push(row.slice(start, end));
    start = end + delimiter.length;
  }
  return cells;
}

/** Whether a cell is in quotes. */
export function isQuoted(cell: string): boolean {
  return cell.length >= 2 && cell.startsWith('"') && cell.endsWith('"');
}

/** Gives what a cell holds. */
export function contentOf(cell: string): string {
  return isQuoted(cell) ? cell.slice(1, -1) : cell;
}

/** After the quote that the delimiter or the row's end follows. */
function endOfQuoted(row: string, start: number, delimiter: string): number {
  let quote = closingQuote(row, start + 1);
  while (quote !== -1 && quote + 1 < row.length && row[quote + 1] !== delimiter) quote = closingQuote(row, quote + 1);
  return quote === -1 ? -1 : quote + 1;
}
