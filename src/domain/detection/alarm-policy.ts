/**
 * When surprise becomes an alarm. Where these numbers come from: `npm run bench:nab` says what others would give, and how
 * they do on series that they were not chosen on.
 */
export interface AlarmSettings {
  /** Surprise from which an episode opens, −3 to 3. */
  readonly bar: number;
  /** An episode is over after so many points below the bar. */
  readonly quietPoints: number;
  /** Every alarm lifts the bar by so much; who cries often is heard less. */
  readonly lift: number;
  /** Of a lift, half is left after so many points. */
  readonly liftHalfLifePoints: number;
}

/** In the middle of where all three of NAB's profiles are flat, and not at its peak. */
export const ALARM_SETTINGS: AlarmSettings = { bar: -0.5, quietPoints: 36, lift: 0.1, liftHalfLifePoints: 1_000 };

/** What the policy says to one point. */
export interface Judgement {
  /** Whether an episode opens with this point. */
  readonly isAlarm: boolean;
  /** Whether it is over the bar: it opens an episode, or belongs to one. */
  readonly isOver: boolean;
  /** 0–1: at least 0.5 exactly where an episode opens, and the higher the more surprising. */
  readonly score: number;
}

/** How fast the score leaves 0.5 with the distance from the bar. */
const STEEPNESS = 2;

/** Makes a judge of a series' surprises, one after the other; gaps are left out. */
export function createAlarmPolicy(settings: AlarmSettings = ALARM_SETTINGS): (surprise: number) => Judgement {
  const keep = 0.5 ** (1 / settings.liftHalfLifePoints);
  let lifted = 0;
  let sinceOver = Number.POSITIVE_INFINITY;
  return (surprise) => {
    lifted *= keep;
    sinceOver++;
    const over = surprise - settings.bar - lifted;
    const isAlarm = over >= 0 && sinceOver >= settings.quietPoints;
    if (over >= 0) sinceOver = 0;
    if (isAlarm) lifted += settings.lift;
    const height = 1 / (1 + Math.exp(-STEEPNESS * over));
    // What was told already is no news, however high.
    const score = over >= 0 && !isAlarm ? height / 2 - Number.EPSILON : height;
    return { isAlarm, isOver: over >= 0, score };
  };
}
