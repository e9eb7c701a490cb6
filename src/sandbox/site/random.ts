/** A seeded source of chance: the same seed gives the same numbers on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  unit(): number;
  /** A whole number in [0, below). */
  int(below: number): number;
  between(low: number, high: number): number;
  chance(probability: number): boolean;
  /** @throws {RangeError} for an empty list */
  pick<Item>(items: readonly Item[]): Item;
  /** Picks by weight; weights need not add up to 1. */
  weighted<Item>(items: readonly (readonly [item: Item, weight: number])[]): Item;
  /** How many events happen where `mean` are expected. */
  poisson(mean: number): number;
  exponential(mean: number): number;
  /** Skewed to the right, as latencies and sizes are; `spread` is the standard deviation of the logarithm. */
  logNormal(median: number, spread: number): number;
  hex(digits: number): string;
  /** A UUID in the usual form. */
  uuid(): string;
  /** An independent source; its numbers do not depend on how much was drawn from this one. */
  fork(label: string): Random;
}

/** Every four hexadecimal digits: half of the work on a log line would be to write its ids. */
const HEX_QUADS = Array.from({ length: 0x1_0000 }, (_, value) => value.toString(16).padStart(4, "0"));

/** Makes a source of chance. @source sfc32, from Chris Doty-Humphrey's PractRand (public domain) */
export function createRandom(seed: number): Random {
  let a = mix(seed);
  let b = mix(a);
  let c = mix(b);
  let counter = 1;

  function next32(): number {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  }
  for (let round = 0; round < 12; round++) next32();

  const unit = (): number => next32() / 2 ** 32;
  const int = (below: number): number => Math.floor(unit() * below);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - unit())) * Math.cos(2 * Math.PI * unit());

  function pick<Item>(items: readonly Item[]): Item {
    if (items.length === 0) throw new RangeError("Nothing to pick from");
    return items[int(items.length)] as Item;
  }

  function weighted<Item>(items: readonly (readonly [Item, number])[]): Item {
    let left = unit() * items.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [item, weight] of items) {
      left -= weight;
      if (left < 0) return item;
    }
    return pick(items)[0];
  }

  // Knuth's product of uniforms; beyond 30 the normal approximation is as good and takes one draw.
  function poisson(mean: number): number {
    if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
    const limit = Math.exp(-mean);
    let count = -1;
    for (let product = 1; product > limit || count < 0; count++) product *= unit();
    return count;
  }

  function hex(digits: number): string {
    let text = "";
    while (text.length < digits) {
      const bits = next32();
      text += (HEX_QUADS[bits >>> 16] as string) + (HEX_QUADS[bits & 0xffff] as string);
    }
    return text.slice(0, digits);
  }

  return {
    unit,
    int,
    between: (low, high) => low + (high - low) * unit(),
    chance: (probability) => unit() < probability,
    pick,
    weighted,
    poisson,
    exponential: (mean) => -mean * Math.log(1 - unit()),
    logNormal: (median, spread) => median * Math.exp(spread * normal()),
    hex,
    uuid: () => [8, 4, 4, 4, 12].map((digits) => hex(digits)).join("-"),
    fork: (label) => createRandom(mix(seed ^ hash(label))),
  };
}

/** Spreads nearby seeds far apart (the finaliser of MurmurHash3). */
function mix(value: number): number {
  let bits = value | 0;
  bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return (bits ^ (bits >>> 16)) + 0x9e3779b9;
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value;
}
