import { createCalibration, MAX_SURPRISE } from "./calibration.ts";
import { createLevelNovelty } from "./level-novelty.ts";
import { createLevelShift } from "./level-shift.ts";
import { createSeasonNovelty } from "./season-novelty.ts";
import { createShapeNovelty } from "./shape-novelty.ts";
import { createSortedWindow } from "./sorted-window.ts";
import { MEMORY_POINTS, type View } from "./view.ts";

/** How unlike everything before a point is. */
export interface Surprise {
  /** −3 (seen before) to 3; about 0 where one view is as far off as it is in one point of a hundred. */
  readonly surprise: number;
  /** Whether there was another day to compare this time of day with. */
  readonly isSeasonal: boolean;
}

/** Takes the points of one series in their order. */
export interface SurpriseMeter {
  /** A value that is none (null, NaN, infinite) is a gap: it gives null, and is not remembered. */
  take(atMs: number, value: number | null): Surprise | null;
}

/** Distances below this share of the span from the 1 % to the 99 % quantile are the grain of the series. */
const GRAIN_SHARE = 0.03;
const SPAN_TAIL = 0.01;
/** And below this share of the level itself: no series is so steady that a thousandth is news. */
const LEVEL_SHARE = 0.001;

/**
 * Makes a meter for a series with about `stepMs` between its points; it looks at no point that has not come yet.
 *
 * Four views, each calibrated on its own past: a level never seen, an order of levels never seen, a mean and deviation
 * never seen at this time of day, and a shift that stays. Their surprises are joined by the mean of their exponentials,
 * so that one great surprise is enough and several small ones add up.
 *
 * @source The idea of holding a score against its own past: Ahmad et al., "Unsupervised real-time anomaly detection for
 * streaming data", Neurocomputing 262 (2017); of the nearest neighbour: Knorr, Ng, Tucakov, VLDB Journal 8 (2000)
 */
export function createSurpriseMeter(stepMs: number): SurpriseMeter {
  const span = createSortedWindow(MEMORY_POINTS);
  const rateLevel = calibrated(createLevelNovelty());
  const rateShape = calibrated(createShapeNovelty());
  const rateSeason = calibrated(createSeasonNovelty());
  const rateShift = calibrated(createLevelShift(stepMs));
  return {
    take: (atMs, value) => {
      if (value === null || !Number.isFinite(value) || !Number.isFinite(atMs)) return null;
      const root = Math.sign(value) * Math.sqrt(Math.abs(value));
      span.push(root);
      const grain = GRAIN_SHARE * (span.quantile(1 - SPAN_TAIL) - span.quantile(SPAN_TAIL));
      const least = Math.max(grain, LEVEL_SHARE * Math.abs(root));
      const season = rateSeason(atMs, root, least);
      const surprises = [rateLevel, rateShape, rateShift].map((rate) => rate(atMs, root, least) ?? -MAX_SURPRISE);
      return { surprise: join([...surprises, season ?? -MAX_SURPRISE]), isSeasonal: season !== null };
    },
  };
}

type Rate = (atMs: number, root: number, least: number) => number | null;

function calibrated(view: View): Rate {
  const calibration = createCalibration();
  return (atMs, root, least) => {
    const distance = view({ atMs, root });
    return distance === null ? null : calibration.rate(distance, least);
  };
}

function join(surprises: readonly number[]): number {
  let total = 0;
  for (const surprise of surprises) total += Math.exp(surprise);
  return Math.log(total / surprises.length);
}
