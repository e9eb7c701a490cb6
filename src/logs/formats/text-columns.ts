import type { Escaping, LineTemplate, Meaning, Part } from "./line-template.ts";
import { type Draft, tell } from "./object-record.ts";

/** A field of a line, and whether quotes are around it. */
export interface TextColumn {
  readonly is: Meaning;
  readonly isQuoted: boolean;
  /** What is written behind the value: a unit. */
  readonly suffix?: string;
}

/** Makes a field without quotes. */
export function bare(is: Meaning, suffix = ""): TextColumn {
  return { is, isQuoted: false, suffix };
}

/** Makes a field in quotes. */
export function quoted(is: Meaning): TextColumn {
  return { is, isQuoted: true };
}

/** Adds what fields say, given their texts without quotes; texts that are missing say nothing. */
export function tellColumns(
  draft: Draft,
  columns: readonly TextColumn[],
  texts: readonly (string | undefined)[],
  escaping: Escaping,
): void {
  columns.forEach(({ is, suffix = "" }, index) => {
    const text = texts[index];
    if (text !== undefined)
      tell(draft, is, text.endsWith(suffix) ? text.slice(0, text.length - suffix.length) : text, escaping);
  });
}

/** Gives the parts of a template for fields that blanks part. */
export function partsOf(columns: readonly TextColumn[]): LineTemplate["parts"] {
  return columns.flatMap(({ is, isQuoted, suffix = "" }, index): Part[] => {
    const quote = isQuoted ? '"' : "";
    const before = columns[index - 1];
    const endOfBefore = before === undefined ? "" : `${before.isQuoted ? '"' : ""}${before.suffix ?? ""} `;
    const literal = `${endOfBefore}${quote}`;
    const end = index + 1 === columns.length ? `${quote}${suffix}` : "";
    return [
      ...(literal === "" ? [] : [{ kind: "literal", text: literal } as const]),
      { kind: "field", is },
      ...(end === "" ? [] : [{ kind: "literal", text: end } as const]),
    ];
  });
}
