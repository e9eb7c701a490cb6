import { sum } from "./robust.ts";

/** What was served by how many. */
export interface ThroughputPoint {
  /** N: instances, workers, or requests at once; above 0. */
  readonly n: number;
  /** X: requests served in a second. */
  readonly perSec: number;
}

/**
 * How throughput grows with N.
 *
 * - `usl`: X(N) = γN / (1 + α(N − 1) + βN(N − 1)): α is what has to be done one after another, β what has to be agreed
 *   with all others; both 0 or more
 * - `linear`: X(N) = γN, since too few different N were seen to tell more; `warning` says so
 */
export type Scalability =
  | {
      readonly kind: "usl";
      readonly alpha: number;
      readonly beta: number;
      readonly gamma: number;
      /** N* = √((1 − α)/β), 1 or more: beyond it, more make it slower. Null where there is none. */
      readonly peakN: number | null;
    }
  | { readonly kind: "linear"; readonly gamma: number; readonly warning: string };

/** With three parameters, fewer points than this fit anything. */
const MIN_LEVELS = 5;

/**
 * Fits the Universal Scalability Law, by least squares of N/X = (1 + α(N − 1) + βN(N − 1))/γ with relative errors; of
 * fewer than five different N a straight line through the origin. Null without a point.
 *
 * Repeated N count once, by their mean: a week at one level is no more than one level.
 *
 * @source Gunther, "Guerrilla Capacity Planning", Springer 2007, chapters 4 to 6
 */
export function fitScalability(points: readonly ThroughputPoint[]): Scalability | null {
  const levels = meanByLevel(points.filter(({ n, perSec }) => n > 0 && perSec > 0));
  if (levels.length === 0) return null;
  if (levels.length < MIN_LEVELS) {
    const gamma = sum(levels.map(({ perSec }) => perSec)) / sum(levels.map(({ n }) => n));
    const warning = `only ${levels.length} different ${levels.length === 1 ? "level was" : "levels were"} seen, ${MIN_LEVELS} are needed to see a limit: taken as in proportion`;
    return { kind: "linear", gamma, warning };
  }
  const { gamma, alpha, beta } = fitUsl(levels);
  const peakN = beta > 0 ? Math.max(1, Math.sqrt(Math.max(0, 1 - alpha) / beta)) : null;
  return { kind: "usl", alpha, beta, gamma, peakN };
}

/** Gives X(N), in requests a second. */
export function throughputAt(scalability: Scalability, n: number): number {
  if (scalability.kind === "linear") return scalability.gamma * n;
  const { alpha, beta, gamma } = scalability;
  return (gamma * n) / (1 + alpha * (n - 1) + beta * n * (n - 1));
}

function meanByLevel(points: readonly ThroughputPoint[]): readonly ThroughputPoint[] {
  const byLevel = new Map<number, number[]>();
  for (const { n, perSec } of points) byLevel.set(n, [...(byLevel.get(n) ?? []), perSec]);
  return [...byLevel].map(([n, rates]) => ({ n, perSec: sum(rates) / rates.length }));
}

/**
 * Of the least squares with and without α and β, the best in which neither is negative. N/X is divided by itself, so
 * that every level counts by its relative error.
 */
function fitUsl(levels: readonly ThroughputPoint[]): { gamma: number; alpha: number; beta: number } {
  const rows = levels.map(({ n, perSec }) => [perSec / n, ((n - 1) * perSec) / n, (n - 1) * perSec] as const);
  const candidates = [[0, 1, 2], [0, 1], [0, 2], [0]].flatMap((columns) => {
    const solved = leastSquares(rows.map((row) => columns.map((column) => row[column] ?? 0)));
    if (solved === null || solved.some((each) => each < 0) || (solved[0] ?? 0) <= 0) return [];
    const [a = 0, b = 0, c = 0] = [0, 1, 2].map((column) => solved[columns.indexOf(column)] ?? 0);
    const error = sum(rows.map(([x, y, z]) => (a * x + b * y + c * z - 1) ** 2));
    return [{ gamma: 1 / a, alpha: b / a, beta: c / a, error }];
  });
  return candidates.reduce((best, other) => (other.error < best.error - 1e-15 ? other : best));
}

/** Solves for what makes each row's weighted sum nearest to 1; null where the columns depend on each other. */
function leastSquares(rows: readonly (readonly number[])[]): readonly number[] | null {
  const size = rows[0]?.length ?? 0;
  const of = (i: number, j: number) => sum(rows.map((row) => (row[i] ?? 0) * (row[j] ?? 0)));
  // Columns of very different size are brought to one, or rounding eats the answer.
  const scale = Array.from({ length: size }, (_, i) => Math.sqrt(of(i, i)) || 1);
  const matrix = scale.map((si, i) => [
    ...scale.map((sj, j) => of(i, j) / (si * sj)),
    sum(rows.map((row) => row[i] ?? 0)) / si,
  ]);
  for (let pivot = 0; pivot < size; pivot++) {
    const row = matrix[pivot] ?? [];
    if (Math.abs(row[pivot] ?? 0) < 1e-12) return null;
    for (const [i, other] of matrix.entries()) {
      if (i === pivot) continue;
      const factor = (other[pivot] ?? 0) / (row[pivot] ?? 1);
      matrix[i] = other.map((each, j) => each - factor * (row[j] ?? 0));
    }
  }
  return matrix.map((row, i) => (row[size] ?? 0) / (row[i] ?? 1) / (scale[i] ?? 1));
}
