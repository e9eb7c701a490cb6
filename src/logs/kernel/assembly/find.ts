/** Finds bytes, sixteen at a time. Reading a few bytes beyond the end is fine: the memory goes on. */

/** The first `byte` at or after `from`; `to` where there is none before. */
export function findByte(from: usize, to: usize, byte: u8): usize {
  const wanted = i8x16.splat(byte);
  for (let at = from; at < to; at += 16) {
    const hits = i8x16.bitmask(i8x16.eq(v128.load(at), wanted));
    if (hits != 0) {
      const found = at + <usize>ctz(hits);
      return found < to ? found : to;
    }
  }
  return to;
}

/** The first of two bytes at or after `from`; `to` where there is none before. */
export function findEither(from: usize, to: usize, one: u8, other: u8): usize {
  const first = i8x16.splat(one);
  const second = i8x16.splat(other);
  for (let at = from; at < to; at += 16) {
    const bytes = v128.load(at);
    const hits = i8x16.bitmask(v128.or(i8x16.eq(bytes, first), i8x16.eq(bytes, second)));
    if (hits != 0) {
      const found = at + <usize>ctz(hits);
      return found < to ? found : to;
    }
  }
  return to;
}

/** The last `byte` before `to`; 0 where there is none from `from` on. */
export function findLast(from: usize, to: usize, byte: u8): usize {
  for (let at = to; at > from; ) {
    at -= 1;
    if (load<u8>(at) == byte) return at;
  }
  return 0;
}

/** Whether there is nothing in it but visible ASCII, of that no backslash, and nothing that is banned. */
export function isWord(from: usize, to: usize, banned: u8): bool {
  // Compared with a sign, bytes beyond ASCII are below all others.
  const firstVisible = i8x16.splat(33);
  const backslash = i8x16.splat(92);
  const other = i8x16.splat(banned);
  for (let at = from; at < to; at += 16) {
    const bytes = v128.load(at);
    const bad = v128.or(i8x16.lt_s(bytes, firstVisible), v128.or(i8x16.eq(bytes, backslash), i8x16.eq(bytes, other)));
    let hits = i8x16.bitmask(bad);
    if (to - at < 16) hits &= (1 << <i32>(to - at)) - 1;
    if (hits != 0) return false;
  }
  return true;
}

export function isAscii(from: usize, to: usize): bool {
  for (let at = from; at < to; at += 16) {
    let hits = i8x16.bitmask(v128.load(at));
    if (to - at < 16) hits &= (1 << <i32>(to - at)) - 1;
    if (hits != 0) return false;
  }
  return true;
}

/** Whether a byte is there an even number of times. */
export function isEven(from: usize, to: usize, byte: u8): bool {
  const wanted = i8x16.splat(byte);
  let count = 0;
  for (let at = from; at < to; at += 16) {
    let hits = i8x16.bitmask(i8x16.eq(v128.load(at), wanted));
    if (to - at < 16) hits &= (1 << <i32>(to - at)) - 1;
    count += popcnt(hits);
  }
  return (count & 1) == 0;
}
