/** The last so many numbers, kept in order of size. */
export interface SortedWindow {
  size(): number;
  push(value: number): void;
  /** By linear interpolation; `share` is 0–1. 0 where the window is empty. O(1). */
  quantile(share: number): number;
  /** How far the nearest number in it lies from `value`; null where it is empty. O(log n). */
  nearestDistance(value: number): number | null;
}

/** Gives an empty window; once it holds `capacity` numbers the oldest makes way. Only finite numbers may be pushed. */
export function createSortedWindow(capacity: number): SortedWindow {
  const sorted = new Float64Array(capacity + 1);
  const arrived = new Float64Array(capacity);
  let size = 0;
  let pushed = 0;
  const at = (index: number) => sorted[index] ?? 0;

  const firstNotBelow = (value: number) => {
    let low = 0;
    let high = size;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (at(middle) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  };

  return {
    size: () => size,
    push: (value) => {
      const slot = pushed % capacity;
      if (size === capacity) {
        const oldest = firstNotBelow(arrived[slot] ?? 0);
        sorted.copyWithin(oldest, oldest + 1, size);
        size--;
      }
      const place = firstNotBelow(value);
      sorted.copyWithin(place + 1, place, size);
      sorted[place] = value;
      arrived[slot] = value;
      size++;
      pushed++;
    },
    quantile: (share) => {
      if (size === 0) return 0;
      const place = (size - 1) * share;
      const below = at(Math.floor(place));
      return below + (at(Math.ceil(place)) - below) * (place - Math.floor(place));
    },
    nearestDistance: (value) => {
      if (size === 0) return null;
      const above = firstNotBelow(value);
      const up = above < size ? at(above) - value : Number.POSITIVE_INFINITY;
      const down = above > 0 ? value - at(above - 1) : Number.POSITIVE_INFINITY;
      return Math.min(up, down);
    },
  };
}
