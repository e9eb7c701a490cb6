import type { Meaning, Part } from "./line-template.ts";
import { fitsMeaning, isWholeBare } from "./text/field-shapes.ts";

/** A field and what the line has in its place. */
export interface FieldText {
  readonly is: Meaning;
  readonly text: string;
}

/** A line that is as its template says. */
export interface CleanLine {
  /** In the order of the line. */
  readonly fields: readonly FieldText[];
  /** What is behind the last part that the template knows. */
  readonly rest: string;
}

/**
 * Takes a line apart that is as its server writes it; null for every other, which takes patience.
 *
 * Each field runs to the first place where the next literal stands, or to the line's end where the line may end behind
 * it. All of it holds only if
 * - no field has a `"` in it, nor a backslash before the `"` that closes it, and the rest holds an even number of `"`,
 * - each fits what it stands for (`fitsMeaning`),
 * - none outside quotes ends with `,` or is `:`, since a list goes on there,
 * - nothing is left over.
 *
 * A fast reader of the same template may take fewer lines than this, and damaged ones as well, as long as it gives what
 * the patient reader gives.
 */
export function readCleanLine(parts: readonly Part[], line: string): CleanLine | null {
  if (line !== last.line || parts !== last.parts) {
    last.clean = takeApart(parts, line);
    last.line = line;
    last.parts = parts;
  }
  return last.clean;
}

/** A line that took patience is looked at once and again. */
const last: { parts: readonly Part[]; line: string; clean: CleanLine | null } = { parts: [], line: "", clean: null };

function takeApart(parts: readonly Part[], line: string): CleanLine | null {
  const fields: FieldText[] = [];
  let at = 0;
  for (const [index, part] of parts.entries()) {
    if (part.kind === "rest") return isBalanced(line.slice(at)) ? { fields, rest: line.slice(at) } : null;
    if (part.kind === "may-end") {
      if (at === line.length) break;
    } else if (part.kind === "literal") {
      if (!line.startsWith(part.text, at)) return null;
      at += part.text.length;
    } else {
      const end = endOfField(parts, index, line, at);
      if (end === -1) return null;
      const text = line.slice(at, end);
      const before = parts[index - 1];
      const isQuoted = before?.kind === "literal" && before.text.endsWith('"');
      if (!isCleanText(text, isQuoted) || !fitsMeaning(text, part.is)) return null;
      fields.push({ is: part.is, text });
      at = end;
    }
  }
  return at === line.length ? { fields, rest: "" } : null;
}

/** Whether quotes come in pairs: where they do not, one of them belongs to a field before. */
export function isBalanced(text: string): boolean {
  let isEven = true;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) isEven = !isEven;
  return isEven;
}

function endOfField(parts: readonly Part[], index: number, line: string, start: number): number {
  const next = parts[index + 1];
  const mayEnd = next === undefined || next.kind === "may-end";
  const literal = next?.kind === "may-end" ? parts[index + 2] : next;
  const end = literal?.kind === "literal" ? line.indexOf(literal.text, start) : -1;
  return end === -1 && mayEnd ? line.length : end;
}

/** Whether a field's text has no quote in it that could be its end, and goes on nowhere. */
export function isCleanText(text: string, isQuoted: boolean): boolean {
  return !text.includes('"') && (isQuoted ? !text.endsWith("\\") : isWholeBare(text));
}
