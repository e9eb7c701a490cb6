/** Reads one field by what it means. False leaves the whole line to the patient reader. */
import {
  MEANS_BYTES,
  MEANS_CLIENT_WITH_PORT,
  MEANS_HOST,
  MEANS_IGNORED,
  MEANS_REQUEST,
  MEANS_SECS,
  MEANS_STATUS,
  MEANS_TIME,
  MEANS_URL,
  TEXT_CLIENT,
  TEXT_FORWARDED_FOR,
  TEXT_HOST,
  TEXT_METHOD,
  TEXT_PATH,
  TEXT_QUERY,
  TEXT_SCHEME,
  TIME_CLF,
  TIME_CLOCK,
  TIME_DATE,
  TIME_EPOCH_MS,
  TIME_EPOCH_SECS,
  TIME_ISO,
  TIME_OF_COMPLETION,
  UNIT_MS,
  UNIT_NS,
  UNIT_US,
} from "../codes";
import { findByte, findLast } from "./find";
import { NO_NUMBER, readNanos, readWhole } from "./numbers";
import { replaceText, setArrival, setBytes, setClock, setCompleted, setDate, setSecs, setStatus, setText } from "./row";
import { NO_TIME, readClf, readClock, readDate, readEpochMs, readEpochSecs, readIso } from "./times";

const SLASH: u8 = 47;
const COLON: u8 = 58;
const BLANK: u8 = 32;
const BACKSLASH: u8 = 92;
const slash = heap.alloc(16);
store<u8>(slash, SLASH);

export function readField(meaning: i32, from: usize, to: usize): bool {
  if (meaning <= TEXT_FORWARDED_FOR) {
    setText(meaning, from, to);
    return true;
  }
  if (meaning >= MEANS_SECS) return readSecs(meaning - MEANS_SECS, from, to);
  if (meaning >= MEANS_TIME) return readTime(meaning - MEANS_TIME, from, to);
  switch (meaning) {
    case MEANS_IGNORED: return true;
    case MEANS_CLIENT_WITH_PORT: return readClientWithPort(from, to);
    case MEANS_REQUEST: return readRequest(from, to);
    case MEANS_URL: return readUrl(from, to);
    case MEANS_HOST: return readHost(from, to);
    case MEANS_STATUS: return readStatus(from, to);
    case MEANS_BYTES: return readBytes(from, to);
    default: return false;
  }
}

function isDash(from: usize, to: usize): bool {
  return to == from + 1 && load<u8>(from) == 45;
}

function isUnknown(from: usize, to: usize): bool {
  return to == from || isDash(from, to);
}

/** Load balancers write IPv6 addresses without brackets: the port is behind the last colon. */
function readClientWithPort(from: usize, to: usize): bool {
  if (isUnknown(from, to)) return true;
  const colon = findLast(from, to, COLON);
  if (colon == 0 || readWhole(colon + 1, to) == NO_NUMBER) return false;
  if (load<u8>(from) != 91) setText(TEXT_CLIENT, from, colon);
  else if (load<u8>(colon - 1) == 93) setText(TEXT_CLIENT, from + 1, colon - 1);
  else return false;
  return true;
}

function readRequest(from: usize, to: usize): bool {
  if (isUnknown(from, to)) return true;
  const first = findByte(from, to, BLANK);
  if (first == to || !isMethod(from, first)) return false;
  // URLs of attacks hold blanks: the protocol is behind the last one.
  const last = findLast(first + 1, to, BLANK);
  if (last == 0 || to - last < 6 || load<u32>(last, 1) != 0x50545448 || load<u8>(last, 5) != SLASH) return false;
  if (load<u8>(first, 1) == BLANK || load<u8>(last - 1) == BLANK) return false;
  replaceText(TEXT_METHOD, from, first);
  return readUrl(first + 1, last);
}

function isMethod(from: usize, to: usize): bool {
  if (to - from > 32 || !isLetter(load<u8>(from))) return false;
  for (let at = from + 1; at < to; at += 1) {
    const byte = load<u8>(at);
    if (!isLetter(byte) && byte != 45 && byte != 95) return false;
  }
  return true;
}

function isLetter(byte: u8): bool {
  return <u8>((byte | 32) - 97) < 26;
}

/** A path with its query, or a whole URL: load balancers log those, and proxies and attackers send them. */
/** A path with its query, or a whole URL: load balancers log those, and proxies and attackers send them. */
function readUrl(from: usize, to: usize): bool {
  if (isUnknown(from, to)) return true;
  if (!hasHarmlessEscapes(from, to)) return false;
  let path = from;
  if (load<u8>(from) != SLASH) {
    const colon = findByte(from, to, COLON);
    if (to - colon >= 3 && load<u16>(colon, 1) == 0x2f2f) {
      if (!isMethod(from, colon)) return false;
      path = readAuthority(colon + 3, to);
      if (path == 0) return false;
      replaceText(TEXT_SCHEME, from, colon);
    } else if (load<u8>(from) == 63) return false;
  }
  const question = findByte(path, to, 63);
  if (question == path) replaceText(TEXT_PATH, slash, slash + 1);
  else replaceText(TEXT_PATH, path, question);
  if (question < to) replaceText(TEXT_QUERY, question + 1, to);
  return true;
}

/** Whether no escape stands for what a URL is cut at, such as a blank or a question mark: for `"`, `\\` and beyond ASCII. */
function hasHarmlessEscapes(from: usize, to: usize): bool {
  for (let at = findByte(from, to, BACKSLASH); at < to; at = findByte(at + 4, to, BACKSLASH)) {
    if (to - at < 4 || load<u8>(at, 1) != 120) return false;
    const high = load<u8>(at, 2) | 32;
    const low = load<u8>(at, 3) | 32;
    const isBeyondAscii = high >= 56 && (high <= 57 || (high >= 97 && high <= 102));
    if (!isBeyondAscii && !(high == 50 && low == 50) && !(high == 53 && low == 99)) return false;
  }
  return true;
}

/** Gives where the path begins; 0 for what only the patient reader can tell. */
function readAuthority(from: usize, to: usize): usize {
  let end = from;
  let colon: usize = 0;
  for (; end < to; end += 1) {
    const byte = load<u8>(end);
    if (byte == SLASH || byte == 63) break;
    // A user's name, a bracketed address, a fragment.
    if (byte == 64 || byte == 91 || byte == 35) return 0;
    if (byte == COLON) {
      if (colon != 0) return 0;
      colon = end;
    }
  }
  const hostEnd = colon == 0 ? end : colon;
  if (hostEnd == from || (colon != 0 && readWhole(colon + 1, end) == NO_NUMBER)) return 0;
  replaceText(TEXT_HOST, from, hostEnd);
  hostIsOfUrl = true;
  return end;
}

/** Whether the line's host is that of its URL, which says more than what is beside it. */
export let hostIsOfUrl = false;

export function beginFields(): void {
  hostIsOfUrl = false;
}

function readHost(from: usize, to: usize): bool {
  if (hostIsOfUrl || isUnknown(from, to)) return true;
  const colon = findByte(from, to, COLON);
  if (load<u8>(from) == 91 || colon == from) return false;
  if (colon < to && readWhole(colon + 1, to) == NO_NUMBER) return false;
  setText(TEXT_HOST, from, colon);
  return true;
}

function readStatus(from: usize, to: usize): bool {
  if (isUnknown(from, to)) return true;
  if (to - from != 3) return false;
  const value = readWhole(from, to);
  if (value == NO_NUMBER || (value > 0 && value < 100)) return false;
  setStatus(<u32>value);
  return true;
}

function readBytes(from: usize, to: usize): bool {
  if (isUnknown(from, to)) return true;
  const value = readWhole(from, to);
  if (value == NO_NUMBER) return false;
  setBytes(value);
  return true;
}

function readSecs(code: i32, from: usize, to: usize): bool {
  if (isUnknown(from, to)) return true;
  // -1 stands for unknown. Whatever else begins so is rare enough.
  if (load<u8>(from) == 45) return to - from == 2 && load<u8>(from, 1) == 49;
  const nanos = readNanos(from, to);
  if (nanos < 0) return false;
  setSecs(code & 7, Math.round(<f64>nanos * microsOf(code >> 3) * 1e-9) / 1e6);
  return true;
}

/** How many microseconds a unit has. */
function microsOf(unit: i32): f64 {
  switch (unit) {
    case UNIT_MS: return 1e3;
    case UNIT_US: return 1;
    case UNIT_NS: return 1e-3;
    default: return 1e6;
  }
}

function readTime(code: i32, from: usize, to: usize): bool {
  const notation = code & 7;
  if (notation == TIME_DATE) {
    const dateMs = to - from == 10 ? readDate(from) : NO_TIME;
    setDate(dateMs);
    return dateMs != NO_TIME;
  }
  if (notation == TIME_CLOCK) {
    const clockMs = to - from == 8 ? readClock(from) : NO_TIME;
    setClock(clockMs);
    return clockMs != NO_TIME;
  }
  const timeMs = readInstant(notation, from, to);
  if (timeMs == NO_TIME) return false;
  if (code & TIME_OF_COMPLETION) setCompleted(timeMs);
  else setArrival(timeMs);
  return true;
}

function readInstant(notation: i32, from: usize, to: usize): i64 {
  switch (notation) {
    case TIME_ISO: return readIso(from, to);
    case TIME_CLF: return readClf(from, to);
    case TIME_EPOCH_SECS: return readEpochSecs(from, to);
    case TIME_EPOCH_MS: return readEpochMs(from, to);
    default: return NO_TIME;
  }
}
