import { MEMORY_POINTS, type View } from "./view.ts";

/** Points that make a shape. */
const SHAPE_POINTS = 4;

/**
 * Tells how far the last four points, in their order, lie from the nearest four ever seen (Euclid's distance): usual
 * values in an unusual order count. Linear in what it remembers.
 */
export function createShapeNovelty(): View {
  const shapes = new Float64Array(MEMORY_POINTS * SHAPE_POINTS);
  const latest: number[] = [];
  let seen = 0;
  return ({ root }) => {
    latest.unshift(root);
    if (latest.length > SHAPE_POINTS) latest.pop();
    if (latest.length < SHAPE_POINTS) return null;
    const distance = nearest(shapes, Math.min(seen, MEMORY_POINTS), latest);
    shapes.set(latest, (seen % MEMORY_POINTS) * SHAPE_POINTS);
    seen++;
    return distance;
  };
}

function nearest(shapes: Float64Array, count: number, shape: readonly number[]): number | null {
  if (count === 0) return null;
  const [a = 0, b = 0, c = 0, d = 0] = shape;
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at < count * SHAPE_POINTS; at += SHAPE_POINTS) {
    let square = ((shapes[at] ?? 0) - a) ** 2 + ((shapes[at + 1] ?? 0) - b) ** 2;
    if (square >= least) continue;
    square += ((shapes[at + 2] ?? 0) - c) ** 2 + ((shapes[at + 3] ?? 0) - d) ** 2;
    if (square < least) least = square;
  }
  return Math.sqrt(least);
}
