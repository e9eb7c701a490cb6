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
  TEXT_CACHE,
  TEXT_CLIENT,
  TEXT_FORWARDED_FOR,
  TEXT_HOST,
  TEXT_METHOD,
  TEXT_NODE,
  TEXT_PATH,
  TEXT_QUERY,
  TEXT_SCHEME,
  TEXT_TARGET,
  TEXT_TLS,
  TIME_CLF,
  TIME_CLOCK,
  TIME_DATE,
  TIME_EPOCH_MS,
  TIME_EPOCH_SECS,
  TIME_ISO,
  TIME_OF_COMPLETION,
  UNIT_MS,
  UNIT_US,
} from "../codes";
import { findByte, findLast, isWord } from "./find";
import { NO_NUMBER, readNanos, readWhole } from "./numbers";
import { setArrival, setBytes, setClock, setCompleted, setDate, setSecs, setStatus, setText } from "./row";
import { NO_TIME, readClf, readClock, readDate, readEpochMs, readEpochSecs, readIso } from "./times";
import { hasHarmlessEscapes, isMethod, isUnknown, readRequest, readUrl } from "./url";

const COLON: u8 = 58;
const COMMA: u8 = 44;
const QUESTION: u8 = 63;
const AT: u8 = 64;
const BRACKET: u8 = 91;
const BACKSLASH: u8 = 92;

export function readField(meaning: i32, from: usize, to: usize): bool {
  if (meaning <= TEXT_FORWARDED_FOR) return isUnknown(from, to) || readText(meaning, from, to);
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

function readText(column: i32, from: usize, to: usize): bool {
  switch (column) {
    // Several addresses are a header that stands in the client's place.
    case TEXT_CLIENT:
      if (load<u8>(from) == BRACKET || !isWord(from, to, COMMA)) return false;
      break;
    case TEXT_METHOD:
      if (!isMethod(from, to)) return false;
      break;
    case TEXT_PATH:
      if (!hasHarmlessEscapes(from, to)) return false;
      break;
    case TEXT_QUERY:
      return readQuery(from, to);
    // A list tells of several servers.
    case TEXT_TARGET:
      if (!isWord(from, to, COMMA)) return false;
      break;
    case TEXT_CACHE:
      if (findByte(from, to, BACKSLASH) < to) return false;
      break;
    case TEXT_SCHEME:
    case TEXT_TLS:
    case TEXT_NODE:
      if (!isWord(from, to, BACKSLASH)) return false;
      break;
    // A dash that is escaped stands for what is unknown, too.
    default:
      if (load<u8>(from) == BACKSLASH && to - from <= 6) return false;
      break;
  }
  setText(column, from, to);
  return true;
}

/** Apache writes the question mark, too. */
function readQuery(from: usize, to: usize): bool {
  const start = load<u8>(from) == QUESTION ? from + 1 : from;
  if (isUnknown(start, to) || !hasHarmlessEscapes(start, to)) return false;
  setText(TEXT_QUERY, start, to);
  return true;
}

/** Load balancers write IPv6 addresses without brackets: the port is behind the last colon. */
function readClientWithPort(from: usize, to: usize): bool {
  if (isUnknown(from, to)) return true;
  const colon = findLast(from, to, COLON);
  if (colon == 0 || to - colon > 6 || readWhole(colon + 1, to) == NO_NUMBER || !isWord(from, to, COMMA)) return false;
  if (load<u8>(from) != BRACKET) setText(TEXT_CLIENT, from, colon);
  else if (load<u8>(colon - 1) == 93 && load<u8>(from, 1) != BRACKET) setText(TEXT_CLIENT, from + 1, colon - 1);
  else return false;
  return true;
}

function readHost(from: usize, to: usize): bool {
  if (isUnknown(from, to)) return true;
  const colon = findByte(from, to, COLON);
  if (load<u8>(from) == BRACKET || colon == from || !isWord(from, colon, AT)) return false;
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
  const nanosPerMicro = nanosPerMicroOf(code >> 3);
  // Dividing whole numbers takes several times as long.
  const micros = <i64>(<f64>nanos / <f64>nanosPerMicro);
  // What is finer than a microsecond is rounded by who has patience.
  if (nanos < 0 || micros * nanosPerMicro != nanos) return false;
  setSecs(code & 7, <f64>micros / 1e6);
  return true;
}

/** How many of 10⁻⁹ units make a microsecond. */
function nanosPerMicroOf(unit: i32): i64 {
  switch (unit) {
    case UNIT_US: return 1000000000;
    case UNIT_MS: return 1000000;
    default: return 1000;
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
