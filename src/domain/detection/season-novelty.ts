import { DAY_MS, HOUR_MS } from "../time-window.ts";
import { MEMORY_POINTS, type View } from "./view.ts";

/** So many points are summed up by their mean and deviation. */
const RECENT_POINTS = 24;
/** What is nearer than this is the same day. */
const OTHER_DAY_MS = DAY_MS / 2;
/** Times of day are kept in drawers; a point is compared with those in its own and in the two beside it. */
const DRAWER_MS = HOUR_MS / 2;
const DRAWERS = DAY_MS / DRAWER_MS;
const DRAWER_POINTS = Math.ceil(MEMORY_POINTS / DRAWERS);

interface Memory {
  readonly atMs: number;
  readonly mean: number;
  readonly deviation: number;
}

/**
 * Tells how far mean and standard deviation of the last 24 points lie from the nearest at the same time of another day.
 * Null until there is another day: then there is no seasonal baseline.
 */
export function createSeasonNovelty(): View {
  const drawers: Memory[][] = Array.from({ length: DRAWERS }, () => []);
  const recent: number[] = [];
  return ({ atMs, root }) => {
    recent.push(root);
    if (recent.length > RECENT_POINTS) recent.shift();
    const now = { atMs, ...meanAndDeviation(recent) };
    const drawer = drawerOf(atMs);
    const distance = nearest(drawers, drawer, now);
    const own = drawers[drawer];
    own?.push(now);
    if (own !== undefined && own.length > DRAWER_POINTS) own.shift();
    return distance;
  };
}

function nearest(drawers: readonly (readonly Memory[])[], drawer: number, now: Memory): number | null {
  let least = Number.POSITIVE_INFINITY;
  for (const beside of [DRAWERS - 1, 0, 1]) {
    for (const other of drawers[(drawer + beside) % DRAWERS] ?? []) {
      if (now.atMs - other.atMs < OTHER_DAY_MS) continue;
      const square = (now.mean - other.mean) ** 2 + (now.deviation - other.deviation) ** 2;
      if (square < least) least = square;
    }
  }
  return least === Number.POSITIVE_INFINITY ? null : Math.sqrt(least);
}

/** By the time of day, UTC. */
function drawerOf(atMs: number): number {
  return Math.floor((((atMs % DAY_MS) + DAY_MS) % DAY_MS) / DRAWER_MS);
}

function meanAndDeviation(values: readonly number[]): { mean: number; deviation: number } {
  let total = 0;
  for (const value of values) total += value;
  const mean = total / values.length;
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return { mean, deviation: Math.sqrt(squares / values.length) };
}
