/** Numbers that look random, and are the same for the same seed. */
export type Random = () => number;

/** Mulberry32: small, fast and the same everywhere. */
export function createRandom(seed: number): Random {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Few come often, most come seldom. */
export function skewed(count: number, random: Random): number {
  return Math.floor(count * random() ** 3);
}

export function whole(below: number, random: Random): number {
  return Math.floor(random() * below);
}

export function hex(digits: number, random: Random): string {
  let text = "";
  while (text.length < digits) {
    text += whole(2 ** 32, random)
      .toString(16)
      .padStart(8, "0");
  }
  return text.slice(0, digits);
}
