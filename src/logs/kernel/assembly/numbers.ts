/** Numbers in digits. */

/** What `readDecimal` and `readWhole` give for something else. */
export const NO_NUMBER: f64 = -1;

/** Digits alone, 15 at most, so that the value is exact. */
export function readWhole(from: usize, to: usize): f64 {
  if (from == to || to - from > 15) return NO_NUMBER;
  let value: i64 = 0;
  for (let at = from; at < to; at += 1) {
    const digit = <u32>load<u8>(at) - 48;
    if (digit > 9) return NO_NUMBER;
    value = value * 10 + digit;
  }
  return <f64>value;
}

/** `12` or `0.004`, in units of 10⁻⁹; 9 digits before the point and as many behind it, at most. */
export function readNanos(from: usize, to: usize): i64 {
  let value: i64 = 0;
  let at = from;
  for (; at < to && load<u8>(at) != 46; at += 1) {
    const digit = <u32>load<u8>(at) - 48;
    if (digit > 9) return -1;
    value = value * 10 + digit;
  }
  if (at == from || at - from > 9) return -1;
  let places = 9;
  if (at < to) {
    const point = at;
    for (at += 1; at < to; at += 1) {
      const digit = <u32>load<u8>(at) - 48;
      if (digit > 9) return -1;
      value = value * 10 + digit;
      places -= 1;
    }
    if (at == point + 1 || places < 0) return -1;
  }
  for (; places > 0; places -= 1) value *= 10;
  return value;
}

/** Two digits as a number; something over 99 where they are none. */
export function readTwoDigits(at: usize): u32 {
  const tens = <u32>load<u8>(at) - 48;
  const ones = <u32>load<u8>(at, 1) - 48;
  return tens > 9 || ones > 9 ? 100 : tens * 10 + ones;
}
