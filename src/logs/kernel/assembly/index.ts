/**
 * The log kernel: takes chunks of bytes, finds the lines in them, and turns those that are as their format's program
 * says into rows of numbers. All others are named, for somebody with more patience. No line is ever passed over.
 */
import { CHUNK_BYTES, MAX_LINE_BYTES, MAX_REJECTS, BATCH_ROWS } from "../codes";
import { setUpDictionaries } from "./dictionary";
import { findByte } from "./find";
import { isDamaged, program, runProgram, setUpProgram } from "./program";
import { setUpHashes, setUpShapes } from "./query-shape";
import { beginRow, commit, numberTexts, rows, setUpRows } from "./row";

export { countOf, endsOf, textsOf } from "./dictionary";
export { beginBatch, columnOf, knownOf, rows, rowsOutside } from "./row";
export { program } from "./program";

/** What is left of the line before, and a chunk; a few bytes more, so that whole words can be read at its end. */
export const input = heap.alloc(MAX_LINE_BYTES + CHUNK_BYTES + 64);
/** Address and length of each line that was left over. */
export const rejects = heap.alloc(MAX_REJECTS * 8);
export let rejectCount: i32 = 0;
/** Lines that became rows, or would have within the window. */
export let linesTaken: i32 = 0;
/** Of these, the ones that are not as their server writes them: with quotes that do not belong there, or cut. */
export let linesDamaged: i32 = 0;
/** Whether even those are left over, for somebody who wants to see them. */
let leavesDamaged = false;

/** To be called once, before anything else. */
export function setUp(seedLow: u32, seedHigh: u32): void {
  setUpDictionaries(seedLow, seedHigh);
  setUpShapes();
}

/** To be called for each file. */
export function setFormat(
  wanted: u32,
  joinsForwardedFor: bool,
  leavesDamagedLines: bool,
  legs: u32,
  cutRule: u32,
  queries: u32,
  hashLow: u32,
  hashHigh: u32,
  startMs: f64,
  endMs: f64,
): void {
  setUpProgram(cutRule);
  setUpHashes(hashLow, hashHigh);
  leavesDamaged = leavesDamagedLines;
  setUpRows(wanted, joinsForwardedFor, legs, queries, <i64>startMs, <i64>endMs);
}

/**
 * Reads whole lines from `from` on, until none is left before `to`, the batch is full, or the rejects are; gives the
 * address of the first byte that was not read. A comment is the last line that is read at once. A line that is longer
 * than fits is not read.
 */
export function readLines(from: usize, to: usize): usize {
  rejectCount = 0;
  linesTaken = 0;
  linesDamaged = 0;
  let at = from;
  while (at < to && rows < BATCH_ROWS && rejectCount < MAX_REJECTS) {
    const newline = findByte(at, to, 10);
    if (newline == to) break;
    const end = newline > at && load<u8>(newline - 1) == RETURN ? newline - 1 : newline;
    const isComment = load<u8>(at) == HASH;
    beginRow();
    if (!isComment && !endsWithReturn(at, end) && runProgram(at, end) && !(leavesDamaged && isDamaged) && commit()) {
      linesTaken += 1;
      if (isDamaged) linesDamaged += 1;
    } else {
      store<u32>(rejects + (rejectCount << 3), <u32>at);
      store<u32>(rejects + (rejectCount << 3), <u32>(end - at), 4);
      rejectCount += 1;
    }
    at = newline + 1;
    // It may say how the lines behind it are laid out, so it has to be read before them.
    if (isComment) break;
  }
  numberTexts();
  return at;
}

const RETURN: u8 = 13;
const HASH: u8 = 35;

function endsWithReturn(from: usize, to: usize): bool {
  return to > from && load<u8>(to - 1) == RETURN;
}
