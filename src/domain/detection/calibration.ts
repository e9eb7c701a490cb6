import { createSortedWindow } from "./sorted-window.ts";
import { MEMORY_POINTS } from "./view.ts";

/** What a view exceeds in one point of a hundred is its usual extreme. */
const EXTREME_SHARE = 0.99;
/** With fewer points nobody knows what is extreme. */
const MIN_POINTS = 50;
/** Beyond e³ ≈ 20 times the extreme, one surprise is like another. */
export const MAX_SURPRISE = 3;

/**
 * Holds the distances of one view against their own past, so that all views of all series can be read alike: 0 is as far
 * as the most distant hundredth, 1 is e times that.
 */
export interface Calibration {
  /**
   * Gives −3…3, and −3 as long as there are fewer than 50 distances to compare with; remembers the distance.
   * @param least what can be told from nothing, in units of the distance
   */
  rate(distance: number, least: number): number;
}

export function createCalibration(): Calibration {
  const past = createSortedWindow(MEMORY_POINTS);
  return {
    rate: (distance, least) => {
      const surprise =
        past.size() < MIN_POINTS ? -MAX_SURPRISE : compare(distance, past.quantile(EXTREME_SHARE), least);
      past.push(distance);
      return surprise;
    },
  };
}

function compare(distance: number, extreme: number, least: number): number {
  if (distance <= 0) return -MAX_SURPRISE;
  const usual = Math.max(extreme, least);
  const surprise = usual > 0 ? Math.log(distance / usual) : MAX_SURPRISE;
  return Math.min(Math.max(surprise, -MAX_SURPRISE), MAX_SURPRISE);
}
