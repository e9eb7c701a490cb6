import { median } from "./robust.ts";
import type { TrafficSeries } from "./traffic.ts";

/** With so many requests in the usual step, one without any is no chance: e⁻¹⁰. */
const MIN_USUAL = 10;

/**
 * Says in one sentence that steps in the middle of a series hold no request though the others hold many, so that
 * nobody takes them for quiet ones; null where there are none, or too few requests to tell.
 */
export function describeGaps({ requests }: Pick<TrafficSeries, "requests">): string | null {
  const isFilled = (count: number) => count > 0;
  const first = requests.findIndex(isFilled);
  const steps = first < 0 ? [] : requests.slice(first, requests.findLastIndex(isFilled) + 1);
  const filled = steps.filter(isFilled);
  const empty = steps.length - filled.length;
  if (empty === 0 || median(filled) < MIN_USUAL) return null;
  return `In ${empty} of ${steps.length} minutes there is no request at all: the log may have gaps, and what was then cannot be told.`;
}
