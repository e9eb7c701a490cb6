import { type FieldText, isBalanced, isCleanText } from "../clean-line.ts";
import type { Part } from "../line-template.ts";
import { fitsMeaning } from "./field-shapes.ts";

/**
 * Takes a line apart that is as its server writes it, but ends early; null for every other. Gives the fields that are
 * whole for sure: that the next one begins says so, or that nothing could be added.
 *
 * What `readDamagedLine` finds after trying all else, by one look along the line: a disk that is full, or a file that is
 * being written, cuts lines so, and a whole file's may be.
 */
export function readCutLine(parts: readonly Part[], line: string): readonly FieldText[] | null {
  const fields: FieldText[] = [];
  let at = 0;
  for (const [index, part] of parts.entries()) {
    if (part.kind === "rest") return isCutInQuotes(line.slice(at)) ? fields : null;
    if (part.kind === "may-end") continue;
    const left = line.length - at;
    if (part.kind === "literal") {
      if (line.startsWith(part.text, at)) at += part.text.length;
      else return left < part.text.length && part.text.startsWith(line.slice(at)) ? fields : null;
    } else {
      const literal = parts[parts[index + 1]?.kind === "may-end" ? index + 2 : index + 1];
      if (literal?.kind !== "literal") return null;
      const isQuoted = endsWithQuote(parts[index - 1]);
      const end = line.indexOf(literal.text, at);
      const text = line.slice(at, end === -1 ? undefined : end);
      if (end === -1) return endOf(fields, { text, literal: literal.text, isQuoted, is: part.is });
      if (!isCleanText(text, isQuoted) || !fitsMeaning(text, part.is)) return null;
      fields.push({ is: part.is, text });
      at = end;
    }
  }
  return null;
}

function endsWithQuote(part: Part | undefined): boolean {
  return part?.kind === "literal" && part.text.endsWith('"');
}

/** Whether the last of several quotes opens a field that never ends. */
function isCutInQuotes(rest: string): boolean {
  const last = rest.lastIndexOf('"');
  return last > 0 && rest[last - 1] === " " && isBalanced(rest.slice(0, last));
}

/** The cut is in this field, or in what follows it. */
function endOf(
  fields: readonly FieldText[],
  { text, literal, isQuoted, is }: FieldText & { readonly literal: string; readonly isQuoted: boolean },
): readonly FieldText[] | null {
  for (let length = literal.length - 1; length > 0; length -= 1) {
    if (!text.endsWith(literal.slice(0, length))) continue;
    const whole = text.slice(0, -length);
    return isCleanText(whole, isQuoted) && fitsMeaning(whole, is) ? [...fields, { is, text: whole }] : null;
  }
  // What ends it is there, and what should follow is not: that is no cut.
  if (text.includes('"') || text.includes(literal.charAt(0))) return null;
  // All of a status is there, which is no longer than that.
  return is === "status" && /^\d{3}$/.test(text) ? [...fields, { is, text }] : fields;
}
