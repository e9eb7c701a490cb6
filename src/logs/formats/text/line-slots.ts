import type { Meaning, Part } from "../line-template.ts";
import { mayHoldBlanks, takesAnyText } from "./field-shapes.ts";

/**
 * A field with what stands before it, for reading damaged lines: quotes belong to the field they enclose, since
 * servers leave them out around `-`, and clients put more of them in.
 */
export interface Slot {
  readonly is: Meaning;
  readonly isQuoted: boolean;
  readonly lead: Lead;
  /** What its meaning says of all texts that can be its value, so that most need not be cut out to be looked at. */
  readonly takesAnyText: boolean;
  readonly mayHoldBlanks: boolean;
}

/** What stands behind the last field: something, or anything. */
export interface Tail {
  readonly lead: Lead;
  readonly isOpen: boolean;
}

/** A literal without the quotes of the fields beside it; it may be nothing at all between two quoted fields. */
export interface Lead {
  readonly text: string;
  /** Matches it with stray quotes between its characters, from `lastIndex` on. */
  readonly damaged: RegExp;
  /** The line may end before it. */
  readonly mayEnd: boolean;
}

export interface Slots {
  readonly slots: readonly Slot[];
  readonly tail: Tail;
}

/** Gives the fields of a template with what parts them. */
export function slotsOf(parts: readonly Part[]): Slots {
  const slots: Slot[] = [];
  let text = "";
  let mayEnd = false;
  for (const [index, part] of parts.entries()) {
    if (part.kind === "may-end") mayEnd = true;
    if (part.kind === "literal") {
      const closes = parts[index - 1]?.kind === "field" && slots.at(-1)?.isQuoted === true;
      text += closes ? part.text.slice(1) : part.text;
    }
    if (part.kind !== "field") continue;
    const next = parts[index + 1];
    const isQuoted = text.endsWith('"') && next?.kind === "literal" && next.text.startsWith('"');
    slots.push({
      is: part.is,
      isQuoted,
      lead: leadOf(isQuoted ? text.slice(0, -1) : text, mayEnd),
      takesAnyText: takesAnyText(part.is, isQuoted),
      mayHoldBlanks: mayHoldBlanks(part.is),
    });
    text = "";
    mayEnd = false;
  }
  return { slots, tail: { lead: leadOf(text, mayEnd), isOpen: parts.at(-1)?.kind === "rest" } };
}

function leadOf(text: string, mayEnd: boolean): Lead {
  const characters = Array.from(text, (character) => character.replace(/[\\^$.*+?()[\]{}|/-]/, "\\$&"));
  return { text, mayEnd, damaged: new RegExp(characters.join('"*'), "y") };
}
