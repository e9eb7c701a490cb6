/**
 * Finds the known word that somebody most likely meant; null where none is near.
 *
 * @example
 * nearest("spkie", ["spike", "scale"]); // "spike"
 */
export function nearest(typed: string, known: readonly string[]): string | null {
  const word = typed.toLowerCase().slice(0, 60);
  const begun = word.length >= 3 ? known.find((candidate) => candidate.toLowerCase().startsWith(word)) : undefined;
  if (begun !== undefined) return begun;
  let best: { readonly word: string; readonly distance: number } | null = null;
  for (const candidate of known) {
    const distance = editDistance(word, candidate.toLowerCase());
    if (best === null || distance < best.distance) best = { word: candidate, distance };
  }
  if (best === null) return null;
  // A third of the letters wrong is another word.
  const allowed = Math.floor(Math.max(word.length, best.word.length) / 3);
  return best.distance <= allowed ? best.word : null;
}

/** Letters to insert, drop, replace or swap with their neighbour to make one word of the other. O(a · b). */
export function editDistance(a: string, b: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const row = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const isSame = a[i - 1] === b[j - 1];
      let cost = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + (isSame ? 0 : 1));
      const isSwapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (isSwapped) cost = Math.min(cost, at(beforeLast, j - 2) + 1);
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
