/** A point as the views see it. */
export interface ScaledPoint {
  /** Epoch ms. */
  readonly atMs: number;
  /** The square root of the value, with its sign: it steadies the variance of counts. */
  readonly root: number;
}

/**
 * One way of looking at a series: tells how far a point lies from what came before it, in units of roots, and remembers
 * it. Null as long as there is nothing to compare it with.
 */
export type View = (point: ScaledPoint) => number | null;

/** How much of the past is remembered; two months of five minutes. It bounds memory, and the time of each point. */
export const MEMORY_POINTS = 20_000;
