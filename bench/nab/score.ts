/**
 * The scores of the Numenta Anomaly Benchmark for alarms that are already given.
 *
 * @source A. Lavin, S. Ahmad, "Evaluating Real-time Anomaly Detection Algorithms – the Numenta Anomaly Benchmark",
 * ICMLA 2015, arXiv 1510.03336
 */

/** What an error costs, and a hit brings. */
export interface Profile {
  readonly name: string;
  readonly truePositive: number;
  readonly falsePositive: number;
  readonly falseNegative: number;
}

export const PROFILES = [
  { name: "standard", truePositive: 1, falsePositive: 0.11, falseNegative: 1 },
  { name: "reward-low-FP", truePositive: 1, falsePositive: 0.22, falseNegative: 1 },
  { name: "reward-low-FN", truePositive: 1, falsePositive: 0.11, falseNegative: 2 },
] as const satisfies readonly Profile[];

/** Indices of the first and the last point of a labelled anomaly. */
export interface AnomalyWindow {
  readonly first: number;
  readonly last: number;
}

/** What one series adds to the score, before the profile's weights. */
export interface Tally {
  readonly windows: number;
  /** Windows with an alarm. */
  readonly hits: number;
  /** Worth of the first alarm in each of them, up to 1 each. */
  readonly worth: number;
  readonly falseAlarms: number;
  /** What those cost: 1 each, and less shortly after a window. */
  readonly cost: number;
}

const PROBATION_SHARE = 0.15;
const PROBATION_OF_AT_MOST = 5_000;

/** Gives how many points at the start are for learning only: nothing in them counts. */
export function probationPoints(points: number): number {
  return Math.floor(PROBATION_SHARE * Math.min(points, PROBATION_OF_AT_MOST));
}

/**
 * Counts the alarms of one series.
 *
 * @param alarms indices, ascending
 * @param windows ascending, not overlapping
 */
export function tallyAlarms(points: number, alarms: readonly number[], windows: readonly AnomalyWindow[]): Tally {
  const from = probationPoints(points);
  const counted = windows.filter(({ last }) => last >= from);
  const tally = { windows: counted.length, hits: 0, worth: 0, falseAlarms: 0, cost: 0 };
  const hit = new Set<AnomalyWindow>();
  for (const alarm of alarms) {
    if (alarm < from) continue;
    const inside = counted.find(({ first, last }) => first <= alarm && alarm <= last);
    if (inside === undefined) {
      tally.falseAlarms++;
      tally.cost -= worthAfter(
        alarm,
        windows.findLast(({ last }) => last < alarm),
      );
    } else if (!hit.has(inside)) {
      hit.add(inside);
      tally.hits++;
      tally.worth += worthInside(alarm, inside);
    }
  }
  return tally;
}

/** Beyond three widths behind a window an alarm is as wrong as can be. */
const FAR_WIDTHS = 3;

/** −1 is the left edge of a window, 0 its right edge. */
function scaledSigmoid(position: number): number {
  return position >= FAR_WIDTHS ? -1 : 2 / (1 + Math.exp(5 * position)) - 1;
}

function worthInside(alarm: number, { first, last }: AnomalyWindow): number {
  const width = last - first + 1;
  return scaledSigmoid(-(last - alarm + 1) / width) / scaledSigmoid(-1);
}

function worthAfter(alarm: number, before: AnomalyWindow | undefined): number {
  if (before === undefined || before.last === before.first) return -1;
  return scaledSigmoid((alarm - before.last) / (before.last - before.first));
}

/** Adds up series; a perfect detector gets 100, one that says nothing 0. Null where there is no window. */
export function normalisedScore(tallies: readonly Tally[], profile: Profile): number | null {
  let windows = 0;
  let score = 0;
  for (const tally of tallies) {
    windows += tally.windows;
    score += profile.truePositive * tally.worth - profile.falsePositive * tally.cost;
    score -= profile.falseNegative * (tally.windows - tally.hits);
  }
  const nothing = -profile.falseNegative * windows;
  const perfect = profile.truePositive * windows;
  return windows === 0 ? null : (100 * (score - nothing)) / (perfect - nothing);
}
