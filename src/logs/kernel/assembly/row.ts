/** The line that is being read, field by field, and the batch of rows that it becomes part of. */
import {
  ARRIVAL_MS,
  BATCH_ROWS,
  BYTES,
  COLUMNS,
  COMPLETED_MS,
  FIRST_SECS,
  LEGS_NGINX,
  LEGS_SUM,
  QUERY_HASH,
  QUERY_SHAPES_PERCENT,
  QUERY_TEXTS,
  SECS_BACKEND,
  SECS_BODY,
  SECS_CLIENT,
  SECS_CONNECT,
  SECS_FIRST_BYTE,
  SECS_HEADER,
  SECS_TOTAL,
  STATUS,
  TEXT_CLIENT,
  TEXT_COLUMNS,
  TEXT_FORWARDED_FOR,
  TEXT_HOST,
  TEXT_METHOD,
  TEXT_PATH,
  TEXT_QUERY,
  TEXT_SCHEME,
} from "../codes";
import { internAll, MAX_INTERNED } from "./dictionary";
import { hashOfQuery, isPlain, MAX_SHAPE_BYTES, writeShape } from "./query-shape";
import { NO_TIME, plausible } from "./times";

/** Where each text of the line is: address and length; a length of 0 is unknown. */
const TEXTS_BYTES: usize = 112;
const texts = heap.alloc(TEXTS_BYTES);
/** The same for what the URL says, which counts more than fields of their own. */
const urlTexts = heap.alloc(TEXTS_BYTES);
/** Where the URL is from, the one that counts more with the higher number; 0 where there is none. */
export const URL_OF_FIELD = 1;
export const URL_OF_REQUEST = 2;
let urlIsOf = 0;
/** Seconds of the line, NaN where unknown. */
const SECS_BYTES: usize = 64;
const secs = heap.alloc(SECS_BYTES);
export let arrivalMs: i64 = NO_TIME;
export let completedMs: i64 = NO_TIME;
export let dateMs: i64 = NO_TIME;
export let clockMs: i64 = NO_TIME;
/** 0 where unknown. */
export let status: u32 = 0;
/** Negative where unknown. */
export let bytes: f64 = -1;

/** Of each text column, the places of the texts that have no number yet: those of the last rows. */
const waiting = heap.alloc(TEXT_COLUMNS * MAX_INTERNED * 8);
let rowsNumbered: i32 = 0;
/** Texts that stand in no line, for as long as they wait. */
const MADE_BYTES: usize = 65536;
const MAX_JOINED_BYTES: u32 = 16000;
const made = heap.alloc(MADE_BYTES);
let madeEnd = made;

/** Columns at 8 bytes a row, so that all are laid out alike; behind them the bits that say which values are known. */
const batch = heap.alloc(COLUMNS * BATCH_ROWS * 8);
const known = heap.alloc((COLUMNS * BATCH_ROWS) / 8);
export let rows: i32 = 0;
/** Rows that were read, and are not within the window. */
export let rowsOutside: i32 = 0;

/** A bit for each text column that is wanted. */
let wantedTexts: u32 = 0;
let joinsForwardedFor = false;
let legs: u32 = 0;
let queries: u32 = QUERY_TEXTS;
let windowStartMs: i64 = 0;
let windowEndMs: i64 = 0;

export function setUpRows(wanted: u32, joins: bool, legsRule: u32, kept: u32, startMs: i64, endMs: i64): void {
  wantedTexts = wanted;
  joinsForwardedFor = joins;
  legs = legsRule;
  queries = kept;
  windowStartMs = startMs;
  windowEndMs = endMs;
}

export function columnOf(column: u32): usize {
  return batch + <usize>(column * BATCH_ROWS * 8);
}

export function knownOf(column: u32): usize {
  return known + <usize>((column * BATCH_ROWS) / 8);
}

export function beginBatch(): void {
  rows = 0;
  rowsNumbered = 0;
  rowsOutside = 0;
  memory.fill(known, 0, (COLUMNS * BATCH_ROWS) / 8);
}

export function beginRow(): void {
  // For so few bytes a call of memory.fill takes longer.
  const unknownText = i64x2.splat(0);
  for (let at = texts; at < texts + TEXTS_BYTES; at += 16) v128.store(at, unknownText);
  const unknownSecs = f64x2.splat(NaN);
  for (let at = secs; at < secs + SECS_BYTES; at += 16) v128.store(at, unknownSecs);
  arrivalMs = NO_TIME;
  completedMs = NO_TIME;
  dateMs = NO_TIME;
  clockMs = NO_TIME;
  status = 0;
  bytes = -1;
  urlIsOf = 0;
}

/** Of several fields for one column the first that is known counts. `-` and nothing at all stand for what is unknown. */
export function setText(column: u32, from: usize, to: usize): void {
  if (lengthOf(column) == 0) replaceText(column, from, to);
}

/** For what counts more than a field of its own. */
export function replaceText(column: u32, from: usize, to: usize): void {
  if (to == from || (to == from + 1 && load<u8>(from) == 45)) return;
  const slot = texts + (column << 3);
  store<u32>(slot, <u32>from);
  store<u32>(slot, <u32>(to - from), 4);
}

/** Begins what a URL says; false where another one counts more: the request's, and of several the first. */
export function beginUrl(isOf: i32): bool {
  if (urlIsOf >= isOf) return false;
  urlIsOf = isOf;
  setUrlText(TEXT_PATH, 0, 0);
  setUrlText(TEXT_HOST, 0, 0);
  setUrlText(TEXT_SCHEME, 0, 0);
  setUrlText(TEXT_QUERY, 0, 0);
  return true;
}

export function setUrlText(column: u32, from: usize, to: usize): void {
  store<u32>(urlTexts + (column << 3), <u32>from);
  store<u32>(urlTexts + (column << 3), <u32>(to - from), 4);
}

function followUrl(column: u32): void {
  const from = load<u32>(urlTexts + (column << 3));
  replaceText(column, from, from + load<u32>(urlTexts + (column << 3), 4));
}

export function setSecs(field: u32, value: f64): void {
  const before = secsOf(field);
  if (before != before) store<f64>(secs + (field << 3), value);
}

export function setArrival(timeMs: i64): void {
  if (arrivalMs == NO_TIME) arrivalMs = timeMs;
}

export function setCompleted(timeMs: i64): void {
  if (completedMs == NO_TIME) completedMs = timeMs;
}

export function setDate(timeMs: i64): void {
  if (dateMs == NO_TIME) dateMs = timeMs;
}

export function setClock(timeMs: i64): void {
  if (clockMs == NO_TIME) clockMs = timeMs;
}

export function setStatus(value: u32): void {
  if (status == 0) status = value;
}

export function setBytes(value: f64): void {
  if (bytes < 0) bytes = value;
}

/** Puts the line into the batch, if it is within the window; false where it is no row: then nothing has changed. */
export function commit(): bool {
  if (completedMs == NO_TIME && dateMs != NO_TIME && clockMs != NO_TIME) completedMs = plausible(dateMs + clockMs);
  followLegs();
  if (!followTimes() || arrivalMs == NO_TIME) return false;
  if (urlIsOf != 0) {
    followUrl(TEXT_PATH);
    followUrl(TEXT_HOST);
    followUrl(TEXT_SCHEME);
    followUrl(TEXT_QUERY);
  }
  // A time alone makes no request.
  if (status == 0 && lengthOf(TEXT_CLIENT) == 0 && lengthOf(TEXT_METHOD) == 0) return false;
  if (arrivalMs < windowStartMs || arrivalMs >= windowEndMs) {
    rowsOutside += 1;
    return true;
  }
  // Where nobody is said to have connected, the header is all that there is.
  if ((joinsForwardedFor || lengthOf(TEXT_CLIENT) == 0) && !joinForwardedFor()) return false;
  const row = rows;
  if (queries != QUERY_TEXTS && lengthOf(TEXT_QUERY) != 0) shortenQuery(row);
  for (let left = wantedTexts; left != 0; left &= left - 1) {
    const column = ctz(left);
    store<u64>(waitingOf(column) + ((row - rowsNumbered) << 3), load<u64>(texts + (column << 3)));
  }
  store<i64>(columnOf(ARRIVAL_MS) + (row << 3), arrivalMs);
  setKnown(ARRIVAL_MS, row);
  if (completedMs != NO_TIME) {
    store<i64>(columnOf(COMPLETED_MS) + (row << 3), completedMs);
    setKnown(COMPLETED_MS, row);
  }
  if (status != 0) {
    store<u16>(columnOf(STATUS) + (row << 1), status);
    setKnown(STATUS, row);
  }
  if (bytes >= 0) {
    store<i64>(columnOf(BYTES) + (row << 3), <i64>bytes);
    setKnown(BYTES, row);
  }
  for (let field: u32 = 0; field < 6; field += 1) {
    const value = load<f64>(secs + (field << 3));
    if (value == value) {
      store<f32>(columnOf(FIRST_SECS + field) + (row << 2), <f32>value);
      setKnown(FIRST_SECS + field, row);
    }
  }
  rows = row + 1;
  if (rows - rowsNumbered == MAX_INTERNED || madeEnd + MAX_JOINED_BYTES + MAX_SHAPE_BYTES > made + MADE_BYTES) numberTexts();
  return true;
}

/** Gives numbers to the texts of the rows that were added since the last time. To be called while their lines are there. */
export function numberTexts(): void {
  for (let left = wantedTexts; left != 0; left &= left - 1) {
    const column = ctz(left);
    const numbers = columnOf(column);
    internAll(column, waitingOf(column), rows - rowsNumbered, numbers + (rowsNumbered << 2));
    for (let row = rowsNumbered; row < rows; row += 1) if (load<u32>(numbers + (row << 2)) != 0) setKnown(column, row);
  }
  rowsNumbered = rows;
  madeEnd = made;
}

function waitingOf(column: u32): usize {
  return waiting + <usize>(column * MAX_INTERNED * 8);
}

function lengthOf(column: u32): u32 {
  return load<u32>(texts + (column << 3), 4);
}

/** What is not plain is left to who can read it. */
function shortenQuery(row: i32): void {
  const from = <usize>load<u32>(texts + (TEXT_QUERY << 3));
  const to = from + lengthOf(TEXT_QUERY);
  if (!isPlain(from, to, queries == QUERY_SHAPES_PERCENT)) return;
  store<u64>(columnOf(QUERY_HASH) + (row << 3), hashOfQuery(from, to));
  setKnown(QUERY_HASH, row);
  const length = writeShape(madeEnd, from, to);
  placeMade(TEXT_QUERY, length);
}

function setKnown(column: u32, row: i32): void {
  const at = knownOf(column) + (row >> 3);
  store<u8>(at, load<u8>(at) | (<u8>1 << <u8>(row & 7)));
}

function followLegs(): void {
  if (legs == LEGS_SUM) {
    // One that is unknown makes the sum NaN, which is unknown.
    const firstByte = secsOf(SECS_FIRST_BYTE);
    setSecs(SECS_TOTAL, roundToMicros(secsOf(SECS_CONNECT) + firstByte + secsOf(SECS_BODY)));
    setSecs(SECS_BACKEND, firstByte);
  } else if (legs == LEGS_NGINX) {
    const header = secsOf(SECS_HEADER);
    const backend = secsOf(SECS_BACKEND);
    setSecs(SECS_FIRST_BYTE, difference(header, secsOf(SECS_CONNECT)));
    setSecs(SECS_BODY, difference(backend, header));
    setSecs(SECS_CLIENT, difference(secsOf(SECS_TOTAL), backend));
  }
}

/** False where one time with the total leads to no plausible other one. */
function followTimes(): bool {
  const totalMs = secsOf(SECS_TOTAL) * 1000;
  if (totalMs != totalMs) {
    if (arrivalMs == NO_TIME) arrivalMs = completedMs;
    return true;
  }
  if (arrivalMs == NO_TIME && completedMs != NO_TIME) {
    arrivalMs = plausible(completedMs - <i64>Math.round(totalMs));
    return arrivalMs != NO_TIME;
  }
  if (completedMs == NO_TIME && arrivalMs != NO_TIME) {
    completedMs = plausible(arrivalMs + <i64>Math.round(totalMs));
    return completedMs != NO_TIME;
  }
  return true;
}

function secsOf(field: u32): f64 {
  return load<f64>(secs + (field << 3));
}

function difference(larger: f64, smaller: f64): f64 {
  return roundToMicros(max(larger - smaller, 0));
}

function roundToMicros(value: f64): f64 {
  return Math.round(value * 1e6) / 1e6;
}

/** Whose word a forwarded address is depends on who connected, so both together are one text. */
function joinForwardedFor(): bool {
  const clientLength = lengthOf(TEXT_CLIENT);
  const length = lengthOf(TEXT_FORWARDED_FOR);
  if (length == 0) return true;
  if (clientLength + length >= MAX_JOINED_BYTES) return false;
  memory.copy(madeEnd, load<u32>(texts + (TEXT_CLIENT << 3)), clientLength);
  store<u8>(madeEnd + clientLength, 0);
  memory.copy(madeEnd + clientLength + 1, load<u32>(texts + (TEXT_FORWARDED_FOR << 3)), length);
  placeMade(TEXT_CLIENT, clientLength + 1 + length);
  return true;
}

/** Makes what was just written the text of a column. */
function placeMade(column: u32, length: u32): void {
  store<u32>(texts + (column << 3), <u32>madeEnd);
  store<u32>(texts + (column << 3), length, 4);
  madeEnd += length;
}
