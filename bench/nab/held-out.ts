import { ALARM_SETTINGS, type AlarmSettings } from "../../src/domain/detection/alarm-policy.ts";
import { createRandom } from "../random.ts";
import type { LabelledSeries } from "./corpus.ts";
import { alarmsOf, surprisesOf } from "./detection.ts";
import { normalisedScore, type Profile, type Tally, tallyAlarms } from "./score.ts";

/** All settings of the alarm policy that are tried, and what each gives on each series. */
export interface Trials {
  readonly series: readonly LabelledSeries[];
  /** One row a setting, one tally a series. */
  readonly tallies: readonly (readonly Tally[])[];
}

const BARS = Array.from({ length: 31 }, (_, i) => -1.2 + i * 0.05);
const QUIET_POINTS = [24, 36, 72];
const LIFTS = [0, 0.05, 0.1, 0.2];

/** Tries 372 settings; the surprises are computed once a series. */
export function tryAll(series: readonly LabelledSeries[]): Trials {
  const surprises = series.map(surprisesOf);
  const settings = BARS.flatMap((bar) =>
    QUIET_POINTS.flatMap((quietPoints) =>
      LIFTS.map((lift): AlarmSettings => ({ ...ALARM_SETTINGS, bar, quietPoints, lift })),
    ),
  );
  const tallies = settings.map((setting) =>
    series.map(({ values, windows }, i) => tallyAlarms(values.length, alarmsOf(surprises[i] ?? [], setting), windows)),
  );
  return { series, tallies };
}

/** Gives the best score that one of the settings reaches on these series, as NAB itself tunes; null without windows. */
export function bestScore({ series, tallies }: Trials, profile: Profile): number | null {
  const all = series.map((_, index) => index);
  return normalisedScore(pick(bestOn(all, tallies, profile), all), profile);
}

export interface Halves {
  readonly scores: readonly number[];
  readonly mean: number;
  readonly deviation: number;
}

const HALVINGS = 20;

/** Chooses settings on random halves of the series, and scores them on the other halves; forty scores. */
export function halves({ series, tallies }: Trials, profile: Profile): Halves {
  const random = createRandom(1);
  const scores: number[] = [];
  for (let halving = 0; halving < HALVINGS; halving++) {
    const order = shuffled(series.length, random);
    const middle = Math.floor(order.length / 2);
    const [one, other] = [order.slice(0, middle), order.slice(middle)];
    for (const [learnt, scored] of [
      [one, other],
      [other, one],
    ] as const) {
      const score = normalisedScore(pick(bestOn(learnt, tallies, profile), scored), profile);
      if (score !== null) scores.push(score);
    }
  }
  const mean = scores.reduce((total, score) => total + score, 0) / scores.length;
  const squares = scores.reduce((total, score) => total + (score - mean) ** 2, 0);
  return { scores, mean, deviation: Math.sqrt(squares / scores.length) };
}

/** Scores each category with settings chosen on all others, and all of these together. */
export function leaveCategoryOut(
  { series, tallies }: Trials,
  profile: Profile,
): { readonly overall: number | null; readonly byCategory: ReadonlyMap<string, number | null> } {
  const byCategory = new Map<string, number | null>();
  const all: Tally[] = [];
  for (const category of new Set(series.map((one) => one.category))) {
    const within = series.flatMap((one, index) => (one.category === category ? [index] : []));
    const others = series.flatMap((one, index) => (one.category === category ? [] : [index]));
    const scored = pick(bestOn(others, tallies, profile), within);
    all.push(...scored);
    byCategory.set(category, normalisedScore(scored, profile));
  }
  return { overall: normalisedScore(all, profile), byCategory };
}

/** Without a window to learn from, the first is as good as any. */
function bestOn(series: readonly number[], tallies: Trials["tallies"], profile: Profile): readonly Tally[] {
  let best = tallies[0] ?? [];
  let most = Number.NEGATIVE_INFINITY;
  for (const row of tallies) {
    const score = normalisedScore(pick(row, series), profile) ?? Number.NEGATIVE_INFINITY;
    if (score > most) [best, most] = [row, score];
  }
  return best;
}

function pick(row: readonly Tally[], series: readonly number[]): readonly Tally[] {
  return series.flatMap((index) => row[index] ?? []);
}

function shuffled(count: number, random: () => number): number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  for (let last = count - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other] ?? 0, order[last] ?? 0];
  }
  return order;
}
