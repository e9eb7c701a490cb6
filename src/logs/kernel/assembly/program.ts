/** Runs a line program: a format's line, part by part. */
import {
  CUT_IS_TOLD,
  MEANS_STATUS,
  OP_ACCEPT,
  OP_END,
  OP_FIELD,
  OP_LITERAL,
  OP_MAY_END,
  OP_QUOTED,
  OP_SKIP,
  TEXT_REFERER,
  TEXT_USER_AGENT,
  TO_END,
} from "../codes";
import { readField } from "./fields";
import { findByte, findEither, findLast, isEven } from "./find";
import { NO_NUMBER, readWhole } from "./numbers";

const QUOTE: u8 = 34;
const BACKSLASH: u8 = 92;
const BLANK: u8 = 32;
const COMMA: u8 = 44;
const COLON: u8 = 58;
export const PROGRAM_BYTES = 4096;
export const program = heap.alloc(PROGRAM_BYTES);

/** Whether the line that was taken last is not as its server writes it, by what the two below say. */
export let isDamaged = false;
/** It has quotes in its quoted fields, which its server should have escaped. */
let hasStrayQuotes = false;
/** What a field is that the line ends in. */
let cut: u32 = 0;

export function setUpProgram(cutRule: u32): void {
  cut = cutRule;
}

/** Whether the line is as the program says, down to the values of its fields; but for stray quotes, or an early end. */
export function runProgram(from: usize, to: usize): bool {
  let at = from;
  let op = program;
  hasStrayQuotes = false;
  isDamaged = false;
  while (true) {
    switch (<i32>load<u8>(op)) {
      case OP_LITERAL: {
        const length = <usize>load<u8>(op, 1);
        if (!standsAt(op, at, to)) return isCutWithin(op, at, to) && endEarly();
        at += length;
        op += 2 + length;
        break;
      }
      case OP_FIELD: {
        const meaning = <i32>load<u8>(op, 1);
        const delimiter = load<u8>(op, 2);
        const end = bareEnd(at, to, delimiter);
        op += 3;
        if (end == to && load<u8>(op) == OP_LITERAL) return endInField(meaning, at, to, false);
        if (end == 0 || !isWhole(at, end, delimiter) || !readField(meaning, at, end)) return false;
        at = end;
        break;
      }
      case OP_QUOTED: {
        const meaning = <i32>load<u8>(op, 1);
        // What the client may say as it likes, quotes among it.
        const isFree = meaning == TEXT_USER_AGENT || meaning == TEXT_REFERER;
        op += 2;
        const end = quotedEnd(at, to, op, isFree);
        if (end == to) return endInField(meaning, at, to, true);
        if (end == 0 || !readField(meaning, at, end)) return false;
        at = end;
        break;
      }
      case OP_SKIP: {
        const delimiter = load<u8>(op, 2);
        for (let left = <u32>load<u8>(op, 1); left > 0; left -= 1) {
          const end = bareEnd(at, to, delimiter);
          if (end == to) return endEarly();
          if (end == 0 || !isWhole(at, end, delimiter)) return false;
          at = end + 1;
        }
        op += 3;
        break;
      }
      case OP_MAY_END:
        if (at == to) return true;
        op += 1;
        break;
      case OP_END:
        return at == to;
      // Where quotes do not come in pairs, one of them belongs to a field before, or opens one that never ends.
      case OP_ACCEPT:
        return isEven(at, to, QUOTE) || (isCutInQuotes(at, to) && endEarly());
      default:
        return false;
    }
  }
}

/** Takes a line that ends before its program does. Where quotes have moved its fields, only patience can tell. */
function endEarly(): bool {
  isDamaged = true;
  return !hasStrayQuotes;
}

/** The same where it ends in a field. */
function endInField(meaning: i32, from: usize, to: usize, isQuoted: bool): bool {
  if (!endEarly()) return false;
  if (cut == CUT_IS_TOLD) {
    // The quote that opens it is told, too, where none closes it.
    return !isQuoted && (from == to || (isWhole(from, to, <u8>TO_END) && readField(meaning, from, to)));
  }
  // Half a value looks like a whole one, but a status of three digits is no longer than that.
  const isWholeStatus = meaning == MEANS_STATUS && to - from == 3 && readWhole(from, to) != NO_NUMBER;
  return !isWholeStatus || readField(meaning, from, to);
}

/** Whether the last of several quotes opens a field that never ends. */
function isCutInQuotes(from: usize, to: usize): bool {
  const last = findLast(from, to, QUOTE);
  return cut != CUT_IS_TOLD && last > from && load<u8>(last - 1) == BLANK;
}

/** Where a field without quotes ends; 0 where there is a quote in it. */
function bareEnd(from: usize, to: usize, delimiter: u8): usize {
  const end = findEither(from, to, delimiter == TO_END ? QUOTE : delimiter, QUOTE);
  return end < to && load<u8>(end) == QUOTE && delimiter != QUOTE ? 0 : end;
}

/** Lists of nginx hold blanks: `10.0.0.7:80, 10.0.0.8:80 : 10.0.0.9:80`. Between two blanks, nobody writes nothing. */
function isWhole(from: usize, to: usize, delimiter: u8): bool {
  if (from == to) return delimiter != BLANK && delimiter != TO_END;
  const last = load<u8>(to - 1);
  if (last == COMMA || last == BACKSLASH) return false;
  if (last == COLON && (to - from == 1 || load<u8>(to - 2) == BLANK)) return false;
  return load<u8>(from) != COLON || to - from == 1 || load<u8>(from, 1) != BLANK;
}

/**
 * Where a quoted field ends: at the first quote with which what follows it begins, or at the line's end where there is
 * no quote. 0 where there are others only, or one behind a backslash, which may be one or not.
 *
 * @param isFree whether there may be quotes before, which the server should have escaped
 */
function quotedEnd(from: usize, to: usize, next: usize, isFree: bool): usize {
  let at = from;
  while (true) {
    const end = findByte(at, to, QUOTE);
    if (end == to) return at > from ? 0 : to;
    if (end > from && load<u8>(end - 1) == BACKSLASH) return 0;
    // Two quotes beside each other may be two fields, or one within its own quotes.
    if (at > from && end == at) return 0;
    if (closesHere(next, end, to)) {
      if (at > from) {
        hasStrayQuotes = true;
        isDamaged = true;
      }
      return end;
    }
    if (!isFree || end == from) return 0;
    at = end + 1;
  }
}

/** Whether the literal behind a quoted field stands there; where that is but a quote, what may follow it, too. */
function closesHere(op: usize, at: usize, to: usize): bool {
  if (!standsAt(op, at, to)) return isCutWithin(op, at, to);
  if (load<u8>(op, 1) != 1) return true;
  const behind = load<u8>(op, 3);
  if (behind == OP_END) return at + 1 == to;
  if (behind != OP_MAY_END || at + 1 == to || load<u8>(op, 4) != OP_LITERAL) return true;
  return standsAt(op + 4, at + 1, to) || isCutWithin(op + 4, at + 1, to);
}

/** Whether the bytes of a literal stand there. */
function standsAt(op: usize, at: usize, to: usize): bool {
  const length = <usize>load<u8>(op, 1);
  return to - at >= length && areSame(op + 2, at, length);
}

/** Whether the line ends in a literal that begins there. */
function isCutWithin(op: usize, at: usize, to: usize): bool {
  const left = to - at;
  return left < <usize>load<u8>(op, 1) && areSame(op + 2, at, left);
}

function areSame(one: usize, other: usize, length: usize): bool {
  for (let index: usize = 0; index < length; index += 1) {
    if (load<u8>(one + index) != load<u8>(other + index)) return false;
  }
  return true;
}
