/** Runs a line program: a format's line, part by part. */
import { OP_ACCEPT, OP_END, OP_FIELD, OP_LITERAL, OP_MAY_END, OP_QUOTED, OP_SKIP, TEXT_REFERER, TEXT_USER_AGENT, TO_END } from "../codes";
import { readField } from "./fields";
import { findByte, findEither, isEven } from "./find";

const QUOTE: u8 = 34;
const BACKSLASH: u8 = 92;
const BLANK: u8 = 32;
const COMMA: u8 = 44;
const COLON: u8 = 58;
export const PROGRAM_BYTES = 4096;
export const program = heap.alloc(PROGRAM_BYTES);

/** Whether the line that was taken last has quotes in its quoted fields, which its server should have escaped. */
export let hasStrayQuotes = false;

/** Whether the line is as the program says, down to the values of its fields; but for stray quotes. */
export function runProgram(from: usize, to: usize): bool {
  let at = from;
  let op = program;
  hasStrayQuotes = false;
  while (true) {
    switch (<i32>load<u8>(op)) {
      case OP_LITERAL: {
        const length = <usize>load<u8>(op, 1);
        if (!standsAt(op, at, to)) return false;
        at += length;
        op += 2 + length;
        break;
      }
      case OP_FIELD: {
        const end = bareEnd(at, to, load<u8>(op, 2));
        if (end == 0 || !readField(load<u8>(op, 1), at, end)) return false;
        at = end;
        op += 3;
        break;
      }
      case OP_QUOTED: {
        const meaning = <i32>load<u8>(op, 1);
        // What the client may say as it likes, quotes among it.
        const isFree = meaning == TEXT_USER_AGENT || meaning == TEXT_REFERER;
        const end = quotedEnd(at, to, op + 2, isFree);
        if (end == 0 || !readField(meaning, at, end)) return false;
        at = end;
        op += 2;
        break;
      }
      case OP_SKIP: {
        const delimiter = load<u8>(op, 2);
        for (let left = <u32>load<u8>(op, 1); left > 0; left -= 1) {
          const end = bareEnd(at, to, delimiter);
          if (end == 0 || end == to) return false;
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
      // Where quotes do not come in pairs, one of them belongs to a field before.
      case OP_ACCEPT:
        return isEven(at, to, QUOTE);
      default:
        return false;
    }
  }
}

/** Where a field without quotes ends; 0 where there is one in it, and where it may go on. */
function bareEnd(from: usize, to: usize, delimiter: u8): usize {
  const end = findEither(from, to, delimiter == TO_END ? QUOTE : delimiter, QUOTE);
  if (end < to && load<u8>(end) == QUOTE && delimiter != QUOTE) return 0;
  return isWhole(from, end, delimiter) ? end : 0;
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
 * Where a quoted field ends: at the first quote with which what follows it begins. 0 where there is none, or a quote
 * behind a backslash, which may be one or not.
 *
 * @param isFree whether there may be quotes before, which the server should have escaped
 */
function quotedEnd(from: usize, to: usize, next: usize, isFree: bool): usize {
  let at = from;
  while (true) {
    const end = findByte(at, to, QUOTE);
    if (end == to || (end > from && load<u8>(end - 1) == BACKSLASH)) return 0;
    // Two quotes beside each other may be two fields, or one within its own quotes.
    if (at > from && end == at) return 0;
    if (closesHere(next, end, to)) return end;
    if (!isFree || end == from) return 0;
    hasStrayQuotes = true;
    at = end + 1;
  }
}

/** Whether the literal behind a quoted field stands there; where that is but a quote, what may follow it, too. */
function closesHere(op: usize, at: usize, to: usize): bool {
  if (!standsAt(op, at, to)) return false;
  if (load<u8>(op, 1) != 1) return true;
  const behind = load<u8>(op, 3);
  if (behind == OP_END) return at + 1 == to;
  if (behind != OP_MAY_END || at + 1 == to) return true;
  return load<u8>(op, 4) != OP_LITERAL || standsAt(op + 4, at + 1, to);
}

/** Whether the bytes of a literal stand there. */
function standsAt(op: usize, at: usize, to: usize): bool {
  const length = <usize>load<u8>(op, 1);
  if (to - at < length) return false;
  for (let index: usize = 0; index < length; index += 1) {
    if (load<u8>(at + index) != load<u8>(op + index, 2)) return false;
  }
  return true;
}
