/** What of an excess an action took away, against what was predicted. */
export interface ExcessAfter {
  /** 1 for all of it, 0 for nothing, below 0 where it grew. */
  readonly removed: number;
  /** 0–1; null where nothing was predicted. */
  readonly predicted: number | null;
  /** Whether enough of it went to call the action a success. */
  readonly isEnough: boolean;
}

/** With less above the usual level than this share of it, there was no excess to speak of. */
const MIN_EXCESS = 0.1;
/**
 * Half of what was promised: less means that something else took the place of what was removed, or that the
 * prediction was about other traffic. Chosen, not measured.
 */
const MIN_OF_PREDICTED = 0.5;

/**
 * Compares what was above the usual level before an action and after it; null where there was next to nothing above.
 *
 * @param rates.usualPerMin what comes in a minute when nothing is unusual, above 0
 * @param rates.predicted the share of the excess that should have gone, 0–1; null where nobody said
 * @example
 * excessAfter({ usualPerMin: 100, beforePerMin: 700, afterPerMin: 200, predicted: 0.847 });
 * // { removed: 0.833…, predicted: 0.847, isEnough: true }
 */
export function excessAfter(rates: {
  readonly usualPerMin: number;
  readonly beforePerMin: number;
  readonly afterPerMin: number;
  readonly predicted: number | null;
}): ExcessAfter | null {
  const { usualPerMin, beforePerMin, afterPerMin, predicted } = rates;
  const before = beforePerMin - usualPerMin;
  if (before < MIN_EXCESS * usualPerMin || before <= 0) return null;
  const after = Math.max(0, afterPerMin - usualPerMin);
  const removed = 1 - after / before;
  return { removed, predicted, isEnough: removed >= MIN_OF_PREDICTED * (predicted ?? 1) };
}

/** "excess down 83 % (predicted 84.7 %)". */
export function formatExcessAfter({ removed, predicted }: ExcessAfter): string {
  const promise = predicted === null ? "" : ` (predicted ${percent(predicted)})`;
  return `excess ${removed < 0 ? "up" : "down"} ${percent(Math.abs(removed))}${promise}`;
}

/** To a tenth, as two that are close have to be told apart. */
function percent(share: number): string {
  return `${(Math.round(share * 1_000) / 10).toLocaleString("en-US")} %`;
}
