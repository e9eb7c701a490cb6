/**
 * Gives every distinct text of a column a number, from 1 on in the order of first appearance.
 *
 * A dictionary is an open hash table, the texts' bytes one behind the other, and where each of them ends: what was
 * added since the last batch is therefore one run of bytes. A slot of the table holds all that a search needs but the
 * text itself, since each look at another place of the memory takes longer than the rest together.
 */
import { TEXT_COLUMNS } from "../codes";

/** Of a dictionary: slots, slots − 1, ends of the texts, texts, bytes that have room, count of texts, end of the last. */
const FIELDS = 8;
const SLOTS: usize = 0;
const MASK: usize = 4;
const ENDS: usize = 8;
const TEXTS: usize = 12;
const CAPACITY: usize = 16;
const COUNT: usize = 20;
const END: usize = 24;

/** Of a slot, 4 bytes each: the hash, the number (0 where it is free), where the text begins, its length. */
const SLOT_SHIFT = 4;
const FIRST_SLOTS: u32 = 1024;
const FIRST_TEXT_BYTES: u32 = 65536;

/** How many texts are searched for together. */
export const MAX_INTERNED: u32 = 64;

const dictionaries = heap.alloc(TEXT_COLUMNS * FIELDS * 4);
const hashes = heap.alloc(MAX_INTERNED * 4);
const fetched = heap.alloc(MAX_INTERNED * 4);
/** Whoever sends texts must not know where they go, or all of them could go to one place. */
let seed: u64 = 0;

export function setUpDictionaries(seedLow: u32, seedHigh: u32): void {
  seed = (<u64>seedHigh << 32) | seedLow;
  for (let column = 0; column < TEXT_COLUMNS; column += 1) {
    const dictionary = dictionaryOf(column);
    store<u32>(dictionary, allocate(FIRST_SLOTS << SLOT_SHIFT), SLOTS);
    store<u32>(dictionary, FIRST_SLOTS - 1, MASK);
    store<u32>(dictionary, allocate(FIRST_SLOTS * 2), ENDS);
    store<u32>(dictionary, allocate(FIRST_TEXT_BYTES), TEXTS);
    store<u32>(dictionary, FIRST_TEXT_BYTES, CAPACITY);
    store<u32>(dictionary, 0, COUNT);
    store<u32>(dictionary, 0, END);
  }
}

/** How many texts a column has. */
export function countOf(column: u32): u32 {
  return load<u32>(dictionaryOf(column), COUNT);
}

/** Where the texts of a column begin. */
export function textsOf(column: u32): u32 {
  return load<u32>(dictionaryOf(column), TEXTS);
}

/** For each text, 4 bytes that say where it ends among the texts. */
export function endsOf(column: u32): u32 {
  return load<u32>(dictionaryOf(column), ENDS);
}

/**
 * Gives texts their numbers; 0 to those that are empty. A dictionary is larger than the processor's nearest memory, and
 * each search waits for two places of it: those of many texts are fetched side by side before the first is searched for.
 *
 * @param places address and length of each text, 4 bytes each
 * @param count `MAX_INTERNED` at most
 * @param numbers where 4 bytes are written for each
 */
export function internAll(column: u32, places: usize, count: u32, numbers: usize): void {
  const dictionary = dictionaryOf(column);
  hashAll(places, count);
  fetchAll(dictionary, count);
  for (let index: u32 = 0; index < count; index += 1) {
    const place = places + <usize>(index << 3);
    const length = load<u32>(place, 4);
    const hash = load<u32>(hashes + <usize>(index << 2));
    const number = length == 0 ? 0 : search(dictionary, hash, load<u32>(place), length);
    store<u32>(numbers + <usize>(index << 2), number);
  }
}

function hashAll(places: usize, count: u32): void {
  for (let index: u32 = 0; index < count; index += 1) {
    const place = places + <usize>(index << 3);
    const length = load<u32>(place, 4);
    store<u32>(hashes + <usize>(index << 2), length == 0 ? 0 : hashOf(load<u32>(place), length));
  }
}

/** Loops of so few steps that the processor is at many of them at once. What they store nobody reads. */
function fetchAll(dictionary: usize, count: u32): void {
  const slots = <usize>load<u32>(dictionary, SLOTS);
  const mask = load<u32>(dictionary, MASK);
  const texts = <usize>load<u32>(dictionary, TEXTS);
  for (let at: usize = 0; at < <usize>(count << 2); at += 4) {
    const slot = slots + <usize>((load<u32>(hashes + at) & mask) << SLOT_SHIFT);
    store<u32>(fetched + at, load<u32>(slot, 8));
  }
  for (let at: usize = 0; at < <usize>(count << 2); at += 4) {
    store<u32>(fetched + at, load<u32>(texts + <usize>load<u32>(fetched + at)));
  }
}

function search(dictionary: usize, hash: u32, text: usize, length: u32): u32 {
  const slots = <usize>load<u32>(dictionary, SLOTS);
  const mask = load<u32>(dictionary, MASK);
  const texts = <usize>load<u32>(dictionary, TEXTS);
  let index = hash & mask;
  while (true) {
    const slot = slots + <usize>(index << SLOT_SHIFT);
    const number = load<u32>(slot, 4);
    if (number == 0) return add(dictionary, slot, hash, text, length);
    if (load<u32>(slot) == hash && load<u32>(slot, 12) == length && isSame(texts + load<u32>(slot, 8), text, length)) {
      return number;
    }
    index = (index + 1) & mask;
  }
}

function add(dictionary: usize, slot: usize, hash: u32, text: usize, length: u32): u32 {
  const number = load<u32>(dictionary, COUNT) + 1;
  const start = load<u32>(dictionary, END);
  const end = start + length;
  makeRoom(dictionary, start, end);
  memory.copy(<usize>load<u32>(dictionary, TEXTS) + start, text, length);
  store<u32>(<usize>load<u32>(dictionary, ENDS) + ((number - 1) << 2), end);
  store<u32>(dictionary, end, END);
  store<u32>(dictionary, number, COUNT);
  store<u32>(slot, hash);
  store<u32>(slot, number, 4);
  store<u32>(slot, start, 8);
  store<u32>(slot, length, 12);
  // Half full at most, so that searches are short.
  if (number * 2 > load<u32>(dictionary, MASK)) grow(dictionary, number);
  return number;
}

function makeRoom(dictionary: usize, used: u32, needed: u32): void {
  let capacity = load<u32>(dictionary, CAPACITY);
  if (needed <= capacity) return;
  while (needed > capacity) capacity *= 2;
  const texts = allocate(capacity);
  memory.copy(texts, load<u32>(dictionary, TEXTS), used);
  store<u32>(dictionary, texts, TEXTS);
  store<u32>(dictionary, capacity, CAPACITY);
}

function grow(dictionary: usize, count: u32): void {
  const before = load<u32>(dictionary, SLOTS);
  const size = load<u32>(dictionary, MASK) + 1;
  const mask = size * 2 - 1;
  const slots = <usize>allocate((size * 2) << SLOT_SHIFT);
  for (let old: u32 = 0; old < size; old += 1) {
    const from = before + (old << SLOT_SHIFT);
    if (load<u32>(from, 4) == 0) continue;
    let index = load<u32>(from) & mask;
    while (load<u32>(slots + (index << SLOT_SHIFT), 4) != 0) index = (index + 1) & mask;
    v128.store(slots + (index << SLOT_SHIFT), v128.load(from));
  }
  const ends = allocate(size * 4);
  memory.copy(ends, load<u32>(dictionary, ENDS), count << 2);
  store<u32>(dictionary, <u32>slots, SLOTS);
  store<u32>(dictionary, mask, MASK);
  store<u32>(dictionary, ends, ENDS);
}

function isSame(one: usize, other: usize, length: u32): bool {
  if (length < 8) {
    const unused = <u64>(64 - (length << 3));
    return (load<u64>(one) ^ load<u64>(other)) << unused == 0;
  }
  const last = <usize>length - 8;
  for (let at: usize = 0; at < last; at += 8) {
    if (load<u64>(one + at) != load<u64>(other + at)) return false;
  }
  return load<u64>(one + last) == load<u64>(other + last);
}

/** Eight bytes at a time in two lanes, which do not wait for each other; the last eight overlap. */
function hashOf(text: usize, length: u32): u32 {
  let hash = seed ^ (<u64>length * 0x9e3779b97f4a7c15);
  if (length < 8) return fold(mix(hash ^ (load<u64>(text) << (64 - (length << 3)))));
  const last = text + length - 8;
  let other = hash;
  let at = text;
  for (; at + 8 < last; at += 16) {
    hash = mix(hash ^ load<u64>(at));
    other = mix(other ^ load<u64>(at, 8));
  }
  if (at < last) hash = mix(hash ^ load<u64>(at));
  return fold(mix(hash ^ mix(other ^ load<u64>(last))));
}

function mix(word: u64): u64 {
  const product = word * 0xd6e8feb86659fd93;
  return product ^ (product >> 32);
}

function fold(hash: u64): u32 {
  return <u32>(hash ^ (hash >> 32));
}

/** Fresh memory, which is zero. What a table leaves behind when it grows is not used again: it doubles, so that is little. */
function allocate(bytes: u32): u32 {
  const at = heap.alloc(bytes);
  memory.fill(at, 0, bytes);
  return <u32>at;
}

function dictionaryOf(column: u32): usize {
  return dictionaries + <usize>(column * FIELDS * 4);
}
