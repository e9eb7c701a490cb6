/** Runs a line program: a format's line, part by part. */
import { OP_ACCEPT, OP_END, OP_FIELD, OP_LITERAL, OP_MAY_END, OP_QUOTED, OP_SKIP, TO_END } from "../codes";
import { readField } from "./fields";
import { findEither } from "./find";

const QUOTE: u8 = 34;
const BACKSLASH: u8 = 92;
export const PROGRAM_BYTES = 4096;
export const program = heap.alloc(PROGRAM_BYTES);

/** Whether the line is as the program says, down to the values of its fields. */
export function runProgram(from: usize, to: usize): bool {
  let at = from;
  let op = program;
  while (true) {
    switch (<i32>load<u8>(op)) {
      case OP_LITERAL: {
        const length = <usize>load<u8>(op, 1);
        if (to - at < length) return false;
        for (let index: usize = 0; index < length; index += 1) {
          if (load<u8>(at + index) != load<u8>(op + index, 2)) return false;
        }
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
        const end = quotedEnd(at, to);
        if (end == 0 || !readField(load<u8>(op, 1), at, end)) return false;
        at = end;
        op += 2;
        break;
      }
      case OP_SKIP: {
        const delimiter = load<u8>(op, 2);
        for (let left = <u32>load<u8>(op, 1); left > 0; left -= 1) {
          at = bareEnd(at, to, delimiter);
          if (at == 0 || at == to) return false;
          at += 1;
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
      case OP_ACCEPT:
        return true;
      default:
        return false;
    }
  }
}

/** Where a field without quotes ends; 0 where there is a quote in it. */
function bareEnd(from: usize, to: usize, delimiter: u8): usize {
  const end = findEither(from, to, delimiter == TO_END ? QUOTE : delimiter, QUOTE);
  return end < to && load<u8>(end) == QUOTE ? 0 : end;
}

/** Where a quoted field ends; 0 where there is no end, or a quote behind a backslash, which may be one or not. */
function quotedEnd(from: usize, to: usize): usize {
  let at = from;
  while (true) {
    at = findEither(at, to, QUOTE, BACKSLASH);
    if (at == to) return 0;
    if (load<u8>(at) == QUOTE) return at;
    if (at + 1 < to && load<u8>(at, 1) == QUOTE) return 0;
    at += 2;
    if (at > to) return 0;
  }
}
