/** What more instances cost, in US dollars. */
export interface ScaleCost {
  readonly perHourUsd: number;
  readonly totalUsd: number;
}

const HOUR_SECS = 3_600;

/**
 * Tells what a scale-out costs an hour and in all. Whole seconds count, as AWS bills Linux instances and Fargate; the
 * minute that each is billed at least for, and what instances use beside themselves, are not counted.
 *
 * @source https://aws.amazon.com/ec2/pricing/on-demand/ ("billed per second, with a minimum of 60 seconds")
 * @param more instances beyond those there are
 * @example
 * scaleCost({ more: 4, durationSecs: 5_400, instanceHourUsd: 0.1 }); // { perHourUsd: 0.4, totalUsd: 0.6 }
 */
export function scaleCost(scale: {
  readonly more: number;
  readonly durationSecs: number;
  readonly instanceHourUsd: number;
}): ScaleCost {
  const perHourUsd = scale.more * scale.instanceHourUsd;
  return { perHourUsd: round(perHourUsd), totalUsd: round((perHourUsd * scale.durationSecs) / HOUR_SECS) };
}

/** To the hundredth of a cent: beyond that is nothing but the sums' own noise. */
function round(usd: number): number {
  return Math.round(usd * 1e4) / 1e4;
}
