/** Reads request lines and the URLs in them. False leaves the whole line to the patient reader. */
import { TEXT_HOST, TEXT_METHOD, TEXT_PATH, TEXT_QUERY, TEXT_SCHEME } from "../codes";
import { findByte, findEither, findLast, isWord } from "./find";
import { NO_NUMBER, readWhole } from "./numbers";
import { beginUrl, replaceText, setUrlText, URL_OF_FIELD, URL_OF_REQUEST } from "./row";

const SLASH: u8 = 47;
const COLON: u8 = 58;
const BLANK: u8 = 32;
const BACKSLASH: u8 = 92;
const QUESTION: u8 = 63;
const MINUS: u8 = 45;
const HASH: u8 = 35;
const AT: u8 = 64;
const BRACKET: u8 = 91;
const slash = heap.alloc(16);
store<u8>(slash, SLASH);

export function isUnknown(from: usize, to: usize): bool {
  return to == from || (to == from + 1 && load<u8>(from) == MINUS);
}

/** `GET /path?query HTTP/1.1`; what somebody sent instead is left over. */
export function readRequest(from: usize, to: usize): bool {
  if (isUnknown(from, to)) return true;
  const first = findByte(from, to, BLANK);
  if (first == to || !isMethod(from, first) || !hasHarmlessEscapes(first, to)) return false;
  // URLs of attacks hold blanks: the protocol is behind the last one.
  const last = findLast(first + 1, to, BLANK);
  if (last == 0 || to - last < 6 || load<u32>(last, 1) != 0x50545448 || load<u8>(last, 5) != SLASH) return false;
  // Blanks around a URL are no part of it.
  if (load<u8>(first, 1) <= BLANK || load<u8>(last - 1) <= BLANK) return false;
  if (!beginUrl(URL_OF_REQUEST)) return true;
  replaceText(TEXT_METHOD, from, first);
  return readParts(first + 1, last);
}

export function readUrl(from: usize, to: usize): bool {
  if (!hasHarmlessEscapes(from, to)) return false;
  return !beginUrl(URL_OF_FIELD) || readParts(from, to);
}

export function isMethod(from: usize, to: usize): bool {
  if (to == from || to - from > 32 || !isLetter(load<u8>(from))) return false;
  for (let at = from + 1; at < to; at += 1) {
    const byte = load<u8>(at);
    if (!isLetter(byte) && byte != MINUS && byte != 95) return false;
  }
  return true;
}

function isLetter(byte: u8): bool {
  return <u8>((byte | 32) - 97) < 26;
}

/** Whether no escape stands for what a text is cut at, such as a blank or a question mark: for `"`, `\` and beyond ASCII. */
export function hasHarmlessEscapes(from: usize, to: usize): bool {
  for (let at = findByte(from, to, BACKSLASH); at < to; at = findByte(at + 4, to, BACKSLASH)) {
    if (to - at < 4 || load<u8>(at, 1) != 120) return false;
    const high = load<u8>(at, 2) | 32;
    const low = load<u8>(at, 3) | 32;
    if (!isHexDigit(low)) return false;
    // The 32 that makes letters small makes digits of control characters.
    if (load<u8>(at, 2) < 48 || load<u8>(at, 3) < 48) return false;
    const isBeyondAscii = high >= 56 && isHexDigit(high);
    if (!isBeyondAscii && !(high == 50 && low == 50) && !(high == 53 && low == 99)) return false;
  }
  return true;
}

function isHexDigit(byte: u8): bool {
  return (byte >= 48 && byte <= 57) || (byte >= 97 && byte <= 102);
}

/** A path with its query, or a whole URL: load balancers log those, and proxies and attackers send them. */
function readParts(from: usize, to: usize): bool {
  if (isUnknown(from, to)) return true;
  let path = from;
  if (load<u8>(from) != SLASH) {
    const colon = findByte(from, to, COLON);
    if (to - colon >= 3 && load<u16>(colon, 1) == 0x2f2f) {
      if (!isScheme(from, colon)) return false;
      path = readAuthority(colon + 3, to);
      if (path == 0) return false;
      setUrlText(TEXT_SCHEME, from, colon);
    } else if (load<u8>(from) == QUESTION) return false;
  }
  const question = findByte(path, to, QUESTION);
  if (question == path) setUrlText(TEXT_PATH, slash, slash + 1);
  else setUrlText(TEXT_PATH, path, question);
  if (question < to) setUrlText(TEXT_QUERY, question + 1, to);
  return true;
}

/** `http` and the like; there are others, which nobody sends. */
function isScheme(from: usize, to: usize): bool {
  if (to == from || to - from > 32) return false;
  for (let at = from; at < to; at += 1) if (!isLetter(load<u8>(at))) return false;
  return true;
}

/** Gives where the path begins; 0 for what only the patient reader can tell. */
function readAuthority(from: usize, to: usize): usize {
  const end = findEither(from, to, SLASH, QUESTION);
  const hostEnd = findByte(from, end, COLON);
  if (hostEnd == from || (hostEnd < end && readWhole(hostEnd + 1, end) == NO_NUMBER)) return 0;
  // A user's name, a bracketed address, a fragment.
  if (!isWord(from, hostEnd, AT) || findEither(from, hostEnd, BRACKET, HASH) < hostEnd) return 0;
  setUrlText(TEXT_HOST, from, hostEnd);
  return end;
}
