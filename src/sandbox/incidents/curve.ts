import { DAY_MS, MINUTE_MS } from "../../domain/time-window.ts";
import type { Random } from "../site/random.ts";

/** How restless the ordinary traffic of an incident is. */
export interface Temper {
  /** How far the best hour of the day lies above its mean. */
  readonly dailySwing: number;
  /** By how much it grows over the whole log; 0.2 is a fifth. */
  readonly growth: number;
  /** Standard deviation of its logarithm from minute to minute. */
  readonly noise: number;
  /** How many small rises there are, of up to a third and two minutes. */
  readonly rises: number;
}

/** How strongly a minute is like the one before. */
const MEMORY = 0.7;

/** Makes the curve of the ordinary traffic between two times; its mean is about 1. */
export function createCurve(
  { startMs, endMs, temper }: { readonly startMs: number; readonly endMs: number; readonly temper: Temper },
  random: Random,
): (atMs: number) => number {
  const peakMs = random.between(0, DAY_MS);
  const minutes = Math.ceil((endMs - startMs) / MINUTE_MS) + 1;
  const rises = Array.from({ length: minutes }, () => 0);
  for (let left = temper.rises; left > 0; left--) {
    const first = random.int(minutes);
    rises.fill(random.between(0.1, 0.33), first, first + 1 + random.int(2));
  }
  let wander = 0;
  const levels = rises.map((rise) => {
    const step = Math.log(random.logNormal(1, temper.noise));
    wander = MEMORY * wander + Math.sqrt(1 - MEMORY ** 2) * step;
    return Math.exp(wander) * (1 + rise);
  });

  return (atMs) => {
    const daily = 1 + temper.dailySwing * Math.cos(((atMs - peakMs) / DAY_MS) * 2 * Math.PI);
    const grown = 1 + temper.growth * ((atMs - startMs) / (endMs - startMs) - 0.5);
    const minute = Math.min(minutes - 1, Math.max(0, Math.floor((atMs - startMs) / MINUTE_MS)));
    return daily * grown * (levels[minute] ?? 1);
  };
}
