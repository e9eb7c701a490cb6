/**
 * Makes of a query a hash, by which equal ones are known, and a text that has the same shape: nearly every request has a
 * query of its own, and there are few shapes. What looks made up stands there as seven zeros, which look made up too; of
 * other values nothing is left. The rules, and why they are so, are in `domain/query-shape.ts`.
 */
import { findEither, isAscii } from "./find";

const AMPERSAND: u8 = 38;
const PERCENT: u8 = 37;
const MINUS: u8 = 45;
const DOT: u8 = 46;
const ZERO: u8 = 48;
const EQUALS: u8 = 61;
const BACKSLASH: u8 = 92;

const MAX_PARAMETERS = 40;
const MADE_UP: usize = 7;
const MIN_TOKEN_BYTES: usize = 8;
const MIN_ENTROPY_BITS: f64 = 2.4;
const MIN_CHANGES_PER_BYTE: f64 = 0.25;
const UUID_BYTES: usize = 36;

/** Longer ones are cut before they are looked at, which is not for here. A shape is never longer than its query. */
export const MAX_SHAPE_BYTES: usize = 4096;

/** Classes of bytes that tokens are written in. */
const OTHER: u8 = 0;
const MARK: u8 = 1;
const SMALL: u8 = 2;
const CAPITAL: u8 = 3;
const DIGIT: u8 = 4;
const classes = heap.alloc(128);
const counts = heap.alloc(128 * 2);

export function setUpShapes(): void {
  memory.fill(classes, OTHER, 128);
  const marks: StaticArray<u8> = [43, 47, 61, 46, 95, 126, 45];
  for (let index = 0; index < marks.length; index += 1) store<u8>(classes + <usize>marks[index], MARK);
  for (let byte: usize = 97; byte <= 122; byte += 1) store<u8>(classes + byte, SMALL);
  for (let byte: usize = 65; byte <= 90; byte += 1) store<u8>(classes + byte, CAPITAL);
  for (let byte: usize = 48; byte <= 57; byte += 1) store<u8>(classes + byte, DIGIT);
}

let seedLow: u32 = 0;
let seedHigh: u32 = 0;

/** @param low @param high what hashes begin with, the same for all that are compared */
export function setUpHashes(low: u32, high: u32): void {
  seedLow = low;
  seedHigh = high;
}

/** As `queryHash` of the code around the kernel. */
export function hashOfQuery(from: usize, to: usize): u64 {
  let low = seedLow;
  let high = seedHigh;
  for (let at = from; at < to; at += 1) {
    const byte = <u32>load<u8>(at);
    low = rotl<u32>(low ^ byte, 5) * 0x9e3779b1;
    high = rotl<u32>(high ^ byte, 11) * 0x85ebca6b;
  }
  return (<u64>high << 32) | low;
}

/** Whether the query means what its bytes say, whatever they are escaped by; only then may its shape be written. */
export function isPlain(from: usize, to: usize, areEscapesPercent: bool): bool {
  if (to - from > MAX_SHAPE_BYTES || !isAscii(from, to)) return false;
  return findEither(from, to, BACKSLASH, areEscapesPercent ? PERCENT : BACKSLASH) == to;
}

/** Gives how many bytes were written to `shape`; 0 where the query has none. */
export function writeShape(shape: usize, from: usize, to: usize): u32 {
  let out = shape;
  let at = from;
  for (let count = 0; count < MAX_PARAMETERS && at <= to; count += 1) {
    if (count > 0) {
      store<u8>(out, AMPERSAND);
      out += 1;
    }
    let equals: usize = 0;
    let end = at;
    for (; end < to; end += 1) {
      const byte = load<u8>(end);
      if (byte == AMPERSAND) break;
      if (byte == EQUALS && equals == 0) equals = end;
    }
    const nameEnd = equals == 0 ? end : equals;
    if (isMadeUp(at, nameEnd)) out = writeMadeUp(out);
    else {
      memory.copy(out, at, nameEnd - at);
      out += nameEnd - at;
    }
    if (equals != 0) {
      store<u8>(out, EQUALS);
      out += 1;
      if (isMadeUp(equals + 1, end)) out = writeMadeUp(out);
    }
    at = end + 1;
  }
  return <u32>(out - shape);
}

function writeMadeUp(out: usize): usize {
  memory.fill(out, ZERO, MADE_UP);
  return out + MADE_UP;
}

function isMadeUp(from: usize, to: usize): bool {
  if (to - from < MADE_UP) return false;
  return isNumber(from, to) || isHex(from, to) || isUuid(from, to) || isMixedToken(from, to);
}

/** Seven digits or more, which may stand behind others and a point. */
function isNumber(from: usize, to: usize): bool {
  const start = load<u8>(from) == MINUS ? from + 1 : from;
  const whole = endOfDigits(start, to);
  if (whole == to) return to - start >= MADE_UP;
  return whole > start && load<u8>(whole) == DOT && endOfDigits(whole + 1, to) == to && to - whole > MADE_UP;
}

function endOfDigits(from: usize, to: usize): usize {
  let at = from;
  while (at < to && classOf(load<u8>(at)) == DIGIT) at += 1;
  return at;
}

function isHex(from: usize, to: usize): bool {
  return to - from >= MIN_TOKEN_BYTES && areHexDigits(from, to);
}

function isUuid(from: usize, to: usize): bool {
  if (to - from != UUID_BYTES) return false;
  for (let place: usize = 8; place <= 23; place += 5) if (load<u8>(from + place) != MINUS) return false;
  return (
    areHexDigits(from, from + 8) &&
    areHexDigits(from + 9, from + 13) &&
    areHexDigits(from + 14, from + 18) &&
    areHexDigits(from + 19, from + 23) &&
    areHexDigits(from + 24, to)
  );
}

function areHexDigits(from: usize, to: usize): bool {
  for (let at = from; at < to; at += 1) {
    const byte = load<u8>(at);
    if (classOf(byte) != DIGIT && <u8>((byte | 32) - 97) >= 6) return false;
  }
  return true;
}

/** `%2B`, `%2F` and `%3D` stand for one byte of a token each. */
function isMixedToken(from: usize, to: usize): bool {
  let letters: usize = 0;
  let changes: usize = 0;
  for (let at = from; at < to; at += 1) {
    const byte = load<u8>(at);
    const class_ = classOf(byte);
    if (class_ == OTHER) {
      if (byte != PERCENT || !isTokenEscape(at, to)) return false;
      at += 2;
    } else if (class_ != MARK) letters += 1;
  }
  if (letters < MIN_TOKEN_BYTES) return false;
  for (let at = from; at + 1 < to; at += 1) {
    if (isChange(classOf(load<u8>(at)), classOf(load<u8>(at, 1)))) changes += 1;
  }
  return <f64>changes / <f64>letters >= MIN_CHANGES_PER_BYTE && entropyBits(from, to) >= MIN_ENTROPY_BITS;
}

function isTokenEscape(at: usize, to: usize): bool {
  if (to - at < 3) return false;
  const high = load<u8>(at, 1);
  const low = load<u8>(at, 2) | 32;
  return (high == 50 && (low == 98 || low == 102)) || (high == 51 && low == 100);
}

/** A capital begins a word and is no change to it. */
function isChange(one: u8, next: u8): bool {
  if (one == SMALL) return next == CAPITAL || next == DIGIT;
  if (one == CAPITAL) return next == DIGIT;
  return one == DIGIT && (next == SMALL || next == CAPITAL);
}

function entropyBits(from: usize, to: usize): f64 {
  memory.fill(counts, 0, 128 * 2);
  for (let at = from; at < to; at += 1) {
    const place = counts + (<usize>load<u8>(at) << 1);
    store<u16>(place, load<u16>(place) + 1);
  }
  const length = <f64>(to - from);
  let bits: f64 = 0;
  for (let place = counts; place < counts + 256; place += 2) {
    const count = <f64>load<u16>(place);
    if (count > 0) bits -= (count / length) * Math.log2(count / length);
  }
  return bits;
}

function classOf(byte: u8): u8 {
  return byte < 128 ? load<u8>(classes + <usize>byte) : OTHER;
}
