/** What rose where nothing rises out of the whole: a part may grow beside the ups and downs of the rest. */
import { growingParts } from "./domain/growing-parts.ts";
import { findLeadOfPart, type Lead } from "./domain/lead.ts";
import { REPEAT_SECS } from "./domain/observations.ts";
import { sum } from "./domain/robust.ts";
import type { Breakdown, TrafficFilter, TrafficSeries } from "./domain/traffic.ts";
import type { LogSlice } from "./ports/log-slice.ts";

/**
 * Looks at the parts that grew from the earlier half to the later one, step by step, and at requests that are repeated
 * at once; null where none of them began to grow abruptly.
 *
 * @param series the whole, whose steps all questions are asked for
 * @param halves the earlier half of the same time held against the later one
 */
export async function lookCloser(
  slice: LogSlice,
  { series, halves, filter }: { series: TrafficSeries; halves: Breakdown; filter: TrafficFilter | undefined },
): Promise<Lead | null> {
  const { startMs, stepMs } = series;
  const window = { startMs, endMs: startMs + series.requests.length * stepMs };
  for (const { dimension, value, weight } of growingParts(halves)) {
    const only = { ...filter?.only, [dimension]: value };
    const part = await slice.series({ window, stepMs, filter: { ...filter, only } });
    const lead = findLeadOfPart(series, part.requests, weight);
    if (lead !== null) return lead;
  }
  const repeats = await slice.repeatSeries({ window, stepMs, withinSecs: REPEAT_SECS, ...(filter && { filter }) });
  return findLeadOfPart(series, repeats) ?? leadOfArrivals(slice, { series, filter });
}

/** Clients that were not seen before, with what each usually asks for: of a crowd they are nearly all. */
async function leadOfArrivals(
  slice: LogSlice,
  { series, filter }: { series: TrafficSeries; filter: TrafficFilter | undefined },
): Promise<Lead | null> {
  const { startMs, stepMs } = series;
  const endMs = startMs + series.requests.length * stepMs;
  const { firstSeen, clients } = await slice.newcomers({
    baseline: { startMs, endMs },
    spike: { startMs: endMs, endMs },
    stepMs,
    ...(filter && { filter }),
  });
  const each = sum(series.requests) / Math.max(1, clients.baseline);
  return findLeadOfPart(
    series,
    series.requests.map((_, i) => each * (firstSeen.clients[i] ?? 0)),
  );
}
