/** Times as logs write them, in epoch ms. What is written in another way is left to the patient reader. */
import { NO_NUMBER, readTwoDigits, readWhole } from "./numbers";

/** Stands for a time that could not be read. */
export const NO_TIME: i64 = i64.MIN_VALUE;

const DAY_MS: i64 = 86400000;
/** As `isPlausibleTime` has it: 1991 to 2100. */
const EARLIEST_MS: i64 = 662688000000;
const LATEST_MS: i64 = 4102444800000;

export function plausible(timeMs: i64): i64 {
  return timeMs >= EARLIEST_MS && timeMs < LATEST_MS ? timeMs : NO_TIME;
}

/** Most lines are of the day of the line before: its ten bytes, and when it began. */
let knownDateHead: u64 = 0;
let knownDateTail: u64 = 0;
let knownDateMs: i64 = 0;

/** `2026-10-01`: when that day began. */
export function readDate(at: usize): i64 {
  const head = load<u64>(at);
  const tail = load<u64>(at, 2);
  if (head == knownDateHead && tail == knownDateTail) return knownDateMs;
  const century = readTwoDigits(at);
  const year = readTwoDigits(at + 2);
  const month = readTwoDigits(at + 5);
  const day = readTwoDigits(at + 8);
  if (century > 99 || year > 99 || load<u8>(at, 4) != 45 || load<u8>(at, 7) != 45) return NO_TIME;
  const dayMs = dayOf(century * 100 + year, month, day);
  if (dayMs == NO_TIME) return NO_TIME;
  knownDateHead = head;
  knownDateTail = tail;
  knownDateMs = dayMs;
  return dayMs;
}

/** `12:00:00`: ms since the day began. */
export function readClock(at: usize): i64 {
  const hour = readTwoDigits(at);
  const minute = readTwoDigits(at + 3);
  const second = readTwoDigits(at + 6);
  if (hour > 23 || minute > 59 || second > 59 || load<u8>(at, 2) != 58 || load<u8>(at, 5) != 58) return NO_TIME;
  return <i64>(hour * 3600 + minute * 60 + second) * 1000;
}

/** `2026-10-01T12:00:00.123456Z`, with any fraction or none, or with `+01:00` for the Z; without either it is UTC. */
export function readIso(from: usize, to: usize): i64 {
  if (to - from < 19 || load<u8>(from, 10) != 84) return NO_TIME;
  const dayMs = readDate(from);
  const clockMs = readClock(from + 11);
  if (dayMs == NO_TIME || clockMs == NO_TIME) return NO_TIME;
  let end = to;
  if (load<u8>(end - 1) == 90) {
    end -= 1;
  } else if (to - from >= 25 && load<u8>(to - 3) == 58) {
    const sign = load<u8>(to - 6);
    if (sign == 43 || sign == 45) {
      const hours = readTwoDigits(to - 5);
      const minutes = readTwoDigits(to - 2);
      if (hours > 23 || minutes > 59) return NO_TIME;
      const offsetMs = <i64>(hours * 60 + minutes) * 60000;
      return readRestOfIso(from, to - 6, dayMs + clockMs + (sign == 45 ? offsetMs : -offsetMs));
    }
  }
  return readRestOfIso(from, end, dayMs + clockMs);
}

/** Adds the fraction behind the seconds, where there is one. */
function readRestOfIso(from: usize, end: usize, secondMs: i64): i64 {
  if (end == from + 19) return plausible(secondMs);
  // More than nine digits are no time that a server writes.
  if (load<u8>(from, 19) != 46 || end == from + 20 || end > from + 29) return NO_TIME;
  // In 32 bits, since dividing 64 takes many times as long.
  let fractionMs: u32 = 0;
  let weight: u32 = 100;
  for (let at = from + 20; at < end; at += 1) {
    const digit = <u32>load<u8>(at) - 48;
    if (digit > 9) return NO_TIME;
    fractionMs += digit * weight;
    weight /= 10;
  }
  return plausible(secondMs + <i64>fractionMs);
}

let knownClfHead: u64 = 0;
let knownClfTail: u64 = 0;
let knownClfMs: i64 = 0;

/** `26/Jan/2019:19:45:25 +0330`. */
export function readClf(from: usize, to: usize): i64 {
  if (to - from != 26 || load<u8>(from, 11) != 58 || load<u8>(from, 20) != 32) return NO_TIME;
  const clockMs = readClock(from + 12);
  const zoneHours = readTwoDigits(from + 22);
  const zoneMinutes = readTwoDigits(from + 24);
  const sign = load<u8>(from, 21);
  if (clockMs == NO_TIME || zoneHours > 23 || zoneMinutes > 59 || (sign != 43 && sign != 45)) return NO_TIME;
  const dayMs = readClfDate(from);
  if (dayMs == NO_TIME) return NO_TIME;
  const offsetMs = <i64>(zoneHours * 60 + zoneMinutes) * 60000;
  return plausible(dayMs + clockMs + (sign == 45 ? offsetMs : -offsetMs));
}

/** `26/Jan/2019`. */
function readClfDate(at: usize): i64 {
  const head = load<u64>(at);
  const tail = load<u64>(at, 3);
  if (head == knownClfHead && tail == knownClfTail) return knownClfMs;
  const century = readTwoDigits(at + 7);
  const year = readTwoDigits(at + 9);
  if (century > 99 || year > 99 || load<u8>(at, 2) != 47 || load<u8>(at, 6) != 47) return NO_TIME;
  const dayMs = dayOf(century * 100 + year, monthOf(load<u32>(at, 3) & 0xffffff), readTwoDigits(at));
  if (dayMs == NO_TIME) return NO_TIME;
  knownClfHead = head;
  knownClfTail = tail;
  knownClfMs = dayMs;
  return dayMs;
}

/** Three letters, the first in the lowest byte. */
function monthOf(letters: u32): u32 {
  switch (letters) {
    case 0x6e614a: return 1; // Jan
    case 0x626546: return 2; // Feb
    case 0x72614d: return 3; // Mar
    case 0x727041: return 4; // Apr
    case 0x79614d: return 5; // May
    case 0x6e754a: return 6; // Jun
    case 0x6c754a: return 7; // Jul
    case 0x677541: return 8; // Aug
    case 0x706553: return 9; // Sep
    case 0x74634f: return 10; // Oct
    case 0x766f4e: return 11; // Nov
    case 0x636544: return 12; // Dec
    default: return 100;
  }
}

/** Seconds with any fraction since 1970, as nginx's `$msec` has them. */
export function readEpochSecs(from: usize, to: usize): i64 {
  const point = fractionStart(from, to);
  const seconds = readWhole(from, point);
  if (seconds < 0 || point - from > 11) return NO_TIME;
  if (point == to) return plausible(<i64>seconds * 1000);
  let ms: u32 = 0;
  let weight: u32 = 100;
  // What is finer than microseconds may be rounded up to the next millisecond, or not.
  if (point + 1 == to || to - point > 7) return NO_TIME;
  for (let at = point + 1; at < to; at += 1) {
    const digit = <u32>load<u8>(at) - 48;
    if (digit > 9) return NO_TIME;
    ms += digit * weight;
    weight /= 10;
  }
  return plausible(<i64>seconds * 1000 + <i64>ms);
}

function fractionStart(from: usize, to: usize): usize {
  let at = from;
  while (at < to && load<u8>(at) != 46) at += 1;
  return at;
}

export function readEpochMs(from: usize, to: usize): i64 {
  const ms = to - from > 14 ? NO_NUMBER : readWhole(from, to);
  return ms < 0 ? NO_TIME : plausible(<i64>ms);
}

/** Days from the civil calendar. @source https://howardhinnant.github.io/date_algorithms.html#days_from_civil */
function dayOf(year: u32, month: u32, day: u32): i64 {
  if (month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return NO_TIME;
  const shifted: i64 = <i64>year - (month <= 2 ? 1 : 0);
  const era = shifted / 400;
  const yearOfEra = shifted - era * 400;
  const dayOfYear: i64 = (153 * <i64>(month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  const dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
  return (era * 146097 + dayOfEra - 719468) * DAY_MS;
}

function daysIn(year: u32, month: u32): u32 {
  if (month == 2) return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}
