import { type FieldText, isBalanced } from "../clean-line.ts";
import { isProtected } from "../closing-quote.ts";
import { fitsDamaged, fitsMeaning, isWholeBare } from "./field-shapes.ts";
import type { Lead, Slot, Slots } from "./line-slots.ts";

/** Whoever sends thousands of quotes wants the reader to be busy with them. */
const MAX_ENDS = 64;
const WORK_PER_CHARACTER = 8;
const WORK_PER_LINE = 1_000;

/** A place where a field may end, and where what is behind it begins. */
interface FieldEnd {
  readonly text: string;
  readonly next: number;
}

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
  const strict = search(slots, line, { isStrict: true, hasEscapes });
  if (strict.isWhole) return strict.fields;
  const lenient = search(slots, line, { isStrict: false, hasEscapes });
  return lenient.isWhole || lenient.fields.length > strict.fields.length ? lenient.fields : strict.fields;
}

/** Gives how many fields from the line's start on are as servers write them, for telling layouts apart. */
export function countFittingFields(slots: Slots, line: string, hasEscapes: boolean): number {
  return search(slots, line, { isStrict: true, hasEscapes }).fields.length;
}

interface Look {
  readonly isStrict: boolean;
  /** Whether a backslash takes a quote its meaning. */
  readonly hasEscapes: boolean;
}

function search({ slots, tail }: Slots, line: string, look: Look): { isWhole: boolean; fields: FieldText[] } {
  const chosen: FieldText[] = [];
  let farthest: FieldText[] = [];
  const deadEnds = new Set<number>();
  let work = WORK_PER_LINE + WORK_PER_CHARACTER * line.length;
  const isWhole = follow(0, 0);
  return { isWhole, fields: isWhole ? chosen : farthest };

  /** Whether the line fits from there on; if so, the fields are chosen. */
  function follow(index: number, at: number): boolean {
    const slot = slots[index];
    const lead = slot?.lead ?? tail.lead;
    if (at === line.length && lead.mayEnd) return true;
    const start = matchLead(lead, line, at, look);
    if (start === -1) return failed();
    if (slot === undefined) {
      return fitsTail(line, { at, start, isOpen: tail.isOpen, isStrict: look.isStrict }) || failed();
    }
    const place = index * (line.length + 1) + at;
    if (deadEnds.has(place)) return failed();
    let ends = 0;
    for (const end of endsOf(slot, slots[index + 1]?.lead ?? tail.lead, start)) {
      work -= 1;
      if (!fits(end.text, slot)) continue;
      ends += 1;
      chosen.push({ is: slot.is, text: look.isStrict ? end.text : withoutStrayQuotes(end.text, slot) });
      if (follow(index + 1, end.next)) return true;
      chosen.pop();
      if (ends === MAX_ENDS || work < 0) break;
    }
    deadEnds.add(place);
    return failed();
  }

  /** Keeps the most that was ever chosen, now that it leads nowhere. */
  function failed(): false {
    if (chosen.length > farthest.length) farthest = [...chosen];
    return false;
  }

  function fits(text: string, slot: Slot): boolean {
    if (look.isStrict) return fitsMeaning(text, slot.is);
    return fitsDamaged(withoutStrayQuotes(text, slot), slot.is);
  }

  function* endsOf(slot: Slot, next: Lead, start: number): Generator<FieldEnd> {
    if (slot.isQuoted && line[start] === '"') yield* quotedEnds(next, start + 1);
    else if (slot.isQuoted) yield* unquotedEnds(slot, start);
    else yield* bareEnds(slot, next, start);
  }

  /** At quotes behind which the next field begins, and at one that ends the line. */
  function* quotedEnds(next: Lead, start: number): Generator<FieldEnd> {
    for (let end = line.indexOf('"', start); end !== -1; end = line.indexOf('"', end + 1)) {
      work -= 1;
      if (work < 0) return;
      if (look.isStrict && look.hasEscapes && isProtected(line, start, end)) continue;
      const isNext = end + 1 === line.length || matchLead(next, line, end + 1, look) !== -1;
      if (!isNext) continue;
      work -= end - start;
      yield { text: line.slice(start, end), next: end + 1 };
    }
  }

  /** Servers leave out the quotes around `-`, and old ones those around names. */
  function* unquotedEnds(slot: Slot, start: number): Generator<FieldEnd> {
    const blank = line.indexOf(" ", start);
    const text = line.slice(start, blank === -1 ? line.length : blank);
    const isText = slot.is === "request" || slot.is === "user-agent" || slot.is === "referer";
    if (text === "-" || (!isText && text !== "" && !text.includes('"'))) yield { text, next: start + text.length };
  }

  /** Before what parts it from the next field, and at the line's end where the line may end there. */
  function* bareEnds(slot: Slot, next: Lead, start: number): Generator<FieldEnd> {
    const first = next.text === "" ? '"' : next.text.charAt(0);
    const isLast = next === tail.lead && next.text === "";
    for (let end = isLast ? -1 : line.indexOf(first, start); end !== -1; end = line.indexOf(first, end + 1)) {
      work -= end - start;
      if (work < 0) return;
      const text = line.slice(start, end);
      if (look.isStrict && text.includes('"')) return;
      if (!isWholeBare(text)) continue;
      if (matchLead(next, line, end, look) !== -1) yield { text, next: end };
      else if (next.text.startsWith(line.slice(end))) yield { text, next: line.length };
    }
    const text = line.slice(start);
    // A line that is cut there has all of a status, which is no longer than that.
    if (next.mayEnd || isLast || (slot.is === "status" && /^\d{3}$/.test(text))) yield { text, next: line.length };
  }
}

/** Where what follows the lead begins; -1 where it is not there. */
function matchLead(lead: Lead, line: string, at: number, look: Look): number {
  if (line.startsWith(lead.text, at)) return at + lead.text.length;
  if (look.isStrict) return -1;
  lead.damaged.lastIndex = at;
  return lead.damaged.test(line) ? lead.damaged.lastIndex : -1;
}

/** Newer servers put more at the end; quotes there come in pairs, or one of them belongs to a field before. */
function fitsTail(line: string, tail: { at: number; start: number; isOpen: boolean; isStrict: boolean }): boolean {
  const rest = line.slice(tail.start);
  if (tail.isStrict && !isBalanced(line.slice(tail.at))) return false;
  // Where nothing may follow, something does since quotes of a client's own have moved the fields.
  return tail.isOpen || rest === "" || (!tail.isStrict && rest.startsWith(" "));
}

/** A quote in a bare field, escaped or not, stands there by mistake, and so does one around a request. */
function withoutStrayQuotes(text: string, slot: Slot): string {
  if (!slot.isQuoted) return text.replace(/\\?"/g, "");
  return slot.is === "request" ? text.replace(/^"+|"+$/g, "") : text;
}
