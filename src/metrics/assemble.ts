import { MINUTE_MS } from "../domain/time-window.ts";
import type { MetricSeries } from "../domain/traffic.ts";
import type { CatalogueEntry } from "./catalogue.ts";
import type { Steps } from "./steps.ts";

export interface Point {
  readonly atMs: number;
  readonly value: number;
}

/** EC2 without detailed monitoring reports so many minutes apart. */
const BASIC_MONITORING_STEPS = 5;

/**
 * Lays what CloudWatch returned on the steps; metrics without one value are left out.
 *
 * Where a count is missing between the first and the last minute of which requests are known, there was none; before
 * and after that nobody knows.
 *
 * @param found points by entry, one list a part
 */
export function assembleSeries(
  found: readonly { readonly entry: CatalogueEntry; readonly parts: readonly (readonly Point[])[] }[],
  steps: Steps,
): readonly MetricSeries[] {
  const laid = found.map(({ entry, parts }) => ({ entry, values: layOut(parts.flat(), steps) }));
  const requests = laid.find(({ entry }) => entry.metric === "requests")?.values ?? [];
  return laid
    .filter(({ values }) => values.some((value) => value !== null))
    .map(({ entry, values }) => {
      const { metric, unit, aggregation } = entry;
      const filled = entry.isZeroWhenMissing ? fillWithZeros(values, requests) : values;
      const isOfHosts = entry.parts.every(({ namespace }) => namespace === "AWS/EC2");
      const laidOut = isOfHosts
        ? coarsen(filled, steps)
        : { startMs: steps.startMs, stepMs: steps.stepMs, values: filled };
      return { metric, unit, aggregation, ...laidOut };
    });
}

/** Points of one step are added up; they come from different parts. */
function layOut(points: readonly Point[], { startMs, stepMs, count }: Steps): (number | null)[] {
  const values: (number | null)[] = new Array(count).fill(null);
  for (const { atMs, value } of points) {
    const index = Math.floor((atMs - startMs) / stepMs);
    if (index >= 0 && index < count) values[index] = (values[index] ?? 0) + value;
  }
  return values;
}

function fillWithZeros(values: readonly (number | null)[], requests: readonly (number | null)[]): (number | null)[] {
  const isKnown = (value: number | null) => value !== null;
  const reference = requests.some(isKnown) ? requests : values;
  const first = reference.findIndex(isKnown);
  const last = reference.findLastIndex(isKnown);
  return values.map((value, index) => value ?? (index >= first && index <= last ? 0 : null));
}

/** A value every fifth minute is no minute series with gaps, but one of five minutes a step. */
function coarsen(
  values: readonly (number | null)[],
  { startMs, stepMs }: Steps,
): Pick<MetricSeries, "startMs" | "stepMs" | "values"> {
  const known = values.flatMap((value, index) => (value === null ? [] : [index]));
  const [first = 0, second] = known;
  const isSparse =
    stepMs === MINUTE_MS &&
    second !== undefined &&
    known.every((index) => (index - first) % BASIC_MONITORING_STEPS === 0);
  if (!isSparse) return { startMs, stepMs, values };
  const offset = first % BASIC_MONITORING_STEPS;
  return {
    startMs: startMs + offset * stepMs,
    stepMs: stepMs * BASIC_MONITORING_STEPS,
    values: values.filter((_, index) => index % BASIC_MONITORING_STEPS === offset),
  };
}
