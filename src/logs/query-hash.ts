/** Parts of what hashes begin with, 32 bits each. */
export type HashSeed = readonly [low: number, high: number];

/** Gives 32 bits of two hashes of a text, as the kernel makes them of its bytes. */
export function queryHash(text: string, [seedLow, seedHigh]: HashSeed): readonly [low: number, high: number] {
  let low = seedLow;
  let high = seedHigh;
  for (const byte of Buffer.from(text)) {
    low = Math.imul(rotateLeft(low ^ byte, 5), 0x9e3779b1);
    high = Math.imul(rotateLeft(high ^ byte, 11), 0x85ebca6b);
  }
  return [low | 0, high | 0];
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
