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
