import { type FieldText, isBalanced } from "../clean-line.ts";
import { isProtected } from "../closing-quote.ts";
import { fitsDamaged, fitsMeaning, isWholeBareAt, mayGoOnBehind } from "./field-shapes.ts";
import type { Lead, Slot, Slots } from "./line-slots.ts";

/** How closely a line is looked at. */
export interface Look {
  /** Every field is as servers write it; otherwise quotes may stand where none belong, and numbers be anything. */
  readonly isStrict: boolean;
  /** Whether a backslash takes a quote its meaning. */
  readonly hasEscapes: boolean;
}

/** Whoever sends thousands of quotes wants the reader to be busy with them. */
const MAX_ENDS = 64;
const WORK_PER_CHARACTER = 8;
const WORK_PER_LINE = 1_000;

/** The fields that were found from a line's start on; whole where they go on to its end. */
export interface SearchResult {
  readonly isWhole: boolean;
  readonly fields: readonly FieldText[];
}

/**
 * Looks for a way through a line: of all places where a field could end, the first from which on the rest fits too.
 * Where there is none, the longest way that was found counts.
 *
 * Takes time in proportion to the line's length. Texts are cut out at the end only, since most places lead nowhere.
 */
export function searchLine(slots: Slots, line: string, look: Look): SearchResult {
  return new LineSearch(slots, line, look).run();
}

/** Where a field is looked for. */
interface Place {
  readonly index: number;
  readonly start: number;
  /** What stands behind the field. */
  readonly next: Lead;
}

const QUOTE = 0x22;

/** Places from which no way leads on, a bit each. One search follows another, so that one is enough for all. */
const deadEnds = {
  bits: new Uint8Array(8_192),
  clear(places: number): void {
    const bytes = (places >> 3) + 1;
    if (bytes > this.bits.length) this.bits = new Uint8Array(bytes);
    else this.bits.fill(0, 0, bytes);
  },
  has(place: number): boolean {
    return ((this.bits[place >> 3] as number) & (1 << (place & 7))) !== 0;
  },
  add(place: number): void {
    this.bits[place >> 3] = (this.bits[place >> 3] as number) | (1 << (place & 7));
  },
};

class LineSearch {
  readonly #slots: Slots;
  readonly #line: string;
  readonly #look: Look;
  /** Of each field that is chosen: where its text begins and ends. */
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  /** The same of the longest way. */
  #farthestStarts: readonly number[] = [];
  #farthestEnds: readonly number[] = [];
  #work: number;
  #length = 0;

  constructor(slots: Slots, line: string, look: Look) {
    this.#slots = slots;
    this.#line = line;
    this.#look = look;
    this.#work = WORK_PER_LINE + WORK_PER_CHARACTER * line.length;
  }

  run(): SearchResult {
    deadEnds.clear(this.#slots.slots.length * (this.#line.length + 1));
    const isWhole = this.#follow(0, 0);
    const [starts, ends] = isWhole
      ? [this.#starts.slice(0, this.#length), this.#ends]
      : [this.#farthestStarts, this.#farthestEnds];
    const fields = starts.map((start, index) => {
      const slot = this.#slots.slots[index] as Slot;
      const text = this.#line.slice(start, ends[index]);
      return { is: slot.is, text: this.#look.isStrict ? text : withoutStrayQuotes(text, slot) };
    });
    return { isWhole, fields };
  }

  /** Whether the line fits from there on, the fields before it being chosen. */
  #follow(index: number, at: number): boolean {
    const { slots, tail } = this.#slots;
    const slot = slots[index];
    const lead = slot?.lead ?? tail.lead;
    if (at === this.#line.length && lead.mayEnd) return this.#arrived(index);
    const start = this.#behindLead(lead, at);
    if (start === -1) return this.#failed(index);
    if (slot === undefined) return this.#fitsTail(at, start) ? this.#arrived(index) : this.#failed(index);
    const place = index * (this.#line.length + 1) + at;
    if (deadEnds.has(place)) return this.#failed(index);
    const next = slots[index + 1]?.lead ?? tail.lead;
    if (this.#hasEnd(slot, { index, next, start })) return true;
    deadEnds.add(place);
    return this.#failed(index);
  }

  #arrived(index: number): true {
    this.#length = index;
    return true;
  }

  /** Keeps the most that was ever chosen, now that it leads nowhere. */
  #failed(index: number): false {
    if (index > this.#farthestStarts.length) {
      this.#farthestStarts = this.#starts.slice(0, index);
      this.#farthestEnds = this.#ends.slice(0, index);
    }
    return false;
  }

  #hasEnd(slot: Slot, place: Place): boolean {
    if (!slot.isQuoted) return this.#hasBareEnd(slot, place);
    if (this.#line.charCodeAt(place.start) !== QUOTE) return this.#hasUnquotedEnd(slot, place);
    return this.#hasQuotedEnd(slot, { ...place, start: place.start + 1 });
  }

  /** At quotes behind which the next field begins, and at one that ends the line. */
  #hasQuotedEnd(slot: Slot, { index, next, start }: Place): boolean {
    const line = this.#line;
    let tried = 0;
    for (let end = line.indexOf('"', start); end !== -1; end = line.indexOf('"', end + 1)) {
      this.#work -= 1;
      if (this.#work < 0) return false;
      if (this.#look.isStrict && this.#look.hasEscapes && isProtected(line, start, end)) continue;
      if (end + 1 !== line.length && this.#behindLead(next, end + 1) === -1) continue;
      this.#work -= end - start + 1;
      if (!slot.takesAnyText && !this.#fits(slot, start, end)) continue;
      if (this.#leadsOn(index, start, end, end + 1)) return true;
      tried += 1;
      if (tried === MAX_ENDS || this.#work < 0) return false;
    }
    return false;
  }

  /** Servers leave out the quotes around `-`, and old ones those around names. */
  #hasUnquotedEnd(slot: Slot, { index, start }: Place): boolean {
    const blank = this.#line.indexOf(" ", start);
    const end = blank === -1 ? this.#line.length : blank;
    const text = this.#line.slice(start, end);
    const isText = slot.is === "request" || slot.is === "user-agent" || slot.is === "referer";
    if (text !== "-" && (isText || text === "" || text.includes('"'))) return false;
    this.#work -= 1;
    return this.#fits(slot, start, end) && this.#leadsOn(index, start, end, end);
  }

  /** Before what parts it from the next field, and at the line's end where the line may end there. */
  #hasBareEnd(slot: Slot, { index, next, start }: Place): boolean {
    const line = this.#line;
    const first = next.text === "" ? '"' : next.text.charAt(0);
    const isLast = next === this.#slots.tail.lead && next.text === "";
    const quote = this.#look.isStrict ? line.indexOf('"', start) : -1;
    const blank = slot.mayHoldBlanks ? -1 : line.indexOf(" ", start);
    let tried = 0;
    let blankBefore = -1;
    for (let end = isLast ? -1 : line.indexOf(first, start); end !== -1; end = line.indexOf(first, end + 1)) {
      this.#work -= end - start;
      if (this.#work < 0) return false;
      if (quote !== -1 && quote < end) return false;
      // Where the blank before was no part of it, it is no part of all that is longer.
      if (blankBefore !== -1 && !mayGoOnBehind(blankBefore, slot.is, line, start)) return false;
      if (this.#look.isStrict && first === " ") blankBefore = end;
      if (!isWholeBareAt(line, start, end)) continue;
      const isNext = this.#behindLead(next, end) !== -1;
      if (!isNext && !isCutIn(next, line, end)) continue;
      this.#work -= 1;
      if (blank !== -1 && blank < end) continue;
      if (!slot.takesAnyText && !this.#fits(slot, start, end)) continue;
      if (this.#leadsOn(index, start, end, isNext ? end : line.length)) return true;
      tried += 1;
      if (tried === MAX_ENDS || this.#work < 0) return false;
    }
    // A line that is cut there has all of a status, which is no longer than that.
    const mayEnd = next.mayEnd || isLast || (slot.is === "status" && /^\d{3}$/.test(line.slice(start)));
    // What goes on with a list belongs to the field before.
    if (!mayEnd || !isWholeBareAt(line, start, line.length)) return false;
    this.#work -= 1;
    return this.#fits(slot, start, line.length) && this.#leadsOn(index, start, line.length, line.length);
  }

  #leadsOn(index: number, start: number, end: number, next: number): boolean {
    this.#starts[index] = start;
    this.#ends[index] = end;
    return this.#follow(index + 1, next);
  }

  #fits({ is, isQuoted }: Slot, start: number, end: number): boolean {
    const text = this.#line.slice(start, end);
    if (this.#look.isStrict) return fitsMeaning(text, is);
    return fitsDamaged(isQuoted ? text : withoutQuotes(text), is);
  }

  /** Where what follows the lead begins; -1 where it is not there. */
  #behindLead({ text, damaged }: Lead, at: number): number {
    if (this.#line.startsWith(text, at)) return at + text.length;
    // There is no place for a quote within one character.
    if (this.#look.isStrict || text.length < 2) return -1;
    damaged.lastIndex = at;
    return damaged.test(this.#line) ? damaged.lastIndex : -1;
  }

  /** Newer servers put more at the end; quotes there come in pairs, or one of them belongs to a field before. */
  #fitsTail(at: number, start: number): boolean {
    const { isStrict } = this.#look;
    if (isStrict) this.#work -= this.#line.length - at;
    if (isStrict && !isBalanced(this.#line.slice(at))) return false;
    // Where nothing may follow, something does since quotes of a client's own have moved the fields.
    return this.#slots.tail.isOpen || start === this.#line.length || (!isStrict && this.#line[start] === " ");
  }
}

/** Whether the line ends within a lead that begins there. */
function isCutIn({ text }: Lead, line: string, at: number): boolean {
  return line.length - at < text.length && text.startsWith(line.slice(at));
}

/** A quote in a bare field, escaped or not, stands there by mistake, and so does one around a request. */
function withoutStrayQuotes(text: string, slot: Slot): string {
  if (!slot.isQuoted) return withoutQuotes(text);
  return slot.is === "request" ? text.replace(/^"+|"+$/g, "") : text;
}

function withoutQuotes(text: string): string {
  return text.includes('"') ? text.replace(/\\?"/g, "") : text;
}
