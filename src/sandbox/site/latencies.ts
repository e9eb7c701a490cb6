/** Latencies as a histogram: exact in number and sum, to about 5 % in quantiles. */
export interface Latencies {
  add(secs: number): void;
  addAll(other: Latencies): void;
  count(): number;
  sumSecs(): number;
  /** The latency that this share (0–1) stayed within; null where there are none. */
  quantileSecs(share: number): number | null;
  /** Counts by class, for adding up. */
  readonly classes: readonly number[];
}

/** Bounds of the classes grow by 10 % from half a millisecond on. */
const FIRST_CLASS_SECS = 0.0005;
const CLASS_GROWTH = 1.1;

/** Makes an empty histogram. */
export function createLatencies(): Latencies {
  const classes: number[] = [];
  let count = 0;
  let sumSecs = 0;

  function add(secs: number): void {
    const position = Math.max(0, Math.round(Math.log(secs / FIRST_CLASS_SECS) / Math.log(CLASS_GROWTH)));
    classes[position] = (classes[position] ?? 0) + 1;
    count++;
    sumSecs += secs;
  }

  function addAll(other: Latencies): void {
    other.classes.forEach((amount, position) => {
      classes[position] = (classes[position] ?? 0) + amount;
    });
    count += other.count();
    sumSecs += other.sumSecs();
  }

  function quantileSecs(share: number): number | null {
    if (count === 0) return null;
    let left = Math.max(share * count, 1);
    let position = 0;
    for (; position < classes.length - 1; position++) {
      left -= classes[position] ?? 0;
      if (left <= 0) break;
    }
    return FIRST_CLASS_SECS * CLASS_GROWTH ** position;
  }

  return { add, addAll, count: () => count, sumSecs: () => sumSecs, quantileSecs, classes };
}
