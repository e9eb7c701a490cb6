import type { FieldText } from "../clean-line.ts";
import { searchLine } from "./line-search.ts";
import type { Slots } from "./line-slots.ts";

/**
 * Takes a damaged line apart: gives the fields from its start on up to where nothing fits any more.
 *
 * Of all places where a field could end, the first is taken from which on the rest of the line fits too. A first look
 * wants every field to be as servers write it. A second one, where that finds no way to the line's end, lets quotes
 * stand where none belong, and lets numbers be anything. Where a line is cut, the field that the cut is in is left out,
 * since half a value looks like a whole one.
 *
 * Takes time in proportion to the line's length, whatever is in it: then it gives what it has found.
 */
export function readDamagedLine(slots: Slots, line: string, hasEscapes: boolean): readonly FieldText[] {
  const strict = searchLine(slots, line, { isStrict: true, hasEscapes });
  if (strict.isWhole) return strict.fields;
  const lenient = searchLine(slots, line, { isStrict: false, hasEscapes });
  return lenient.isWhole || lenient.fields.length > strict.fields.length ? lenient.fields : strict.fields;
}

/** Gives how many fields from the line's start on are as servers write them, for telling layouts apart. */
export function countFittingFields(slots: Slots, line: string, hasEscapes: boolean): number {
  return searchLine(slots, line, { isStrict: true, hasEscapes }).fields.length;
}
