import { basename } from "node:path";
import { rangesOfLists, SHIPPED_LISTS } from "../domain/published-ranges.ts";
import { MINUTE_MS, type TimeWindow } from "../domain/time-window.ts";
import type { TrafficSeries } from "../domain/traffic.ts";
import { type InvestigationResult, investigateSlice } from "../investigation.ts";
import type { LogSlice } from "../ports/log-slice.ts";
import { type Analysis, TOP_DIMENSIONS } from "./analyze-json.ts";
import type { AnalyzeOptions } from "./analyze-options.ts";
import { mainPartOf, readableStepMs } from "./main-part.ts";
import { findTopValues } from "./top-values.ts";

/** What a block would be offered for; nothing is configured for files on disk. */
export const LIMITS = {
  neverBlock: [],
  guarded: rangesOfLists(SHIPPED_LISTS),
  blocked: [],
  blockSecs: 3_600,
  maxAddresses: 100,
  capacity: null,
  instanceHourUsd: null,
  mayBlock: true,
  offersForPast: true,
} as const;

/** Asks what was read everything that `spillway analyze` tells. */
export async function analyzeSlice(
  slice: LogSlice,
  options: AnalyzeOptions,
): Promise<{ analysis: Analysis; result: InvestigationResult }> {
  const span = spanOf(slice, options);
  const part = options.baseline === null ? await mainPartOf(slice, span) : span;
  const result = await investigateSlice(slice, {
    service: serviceName(options.paths),
    span: part,
    baseline: options.baseline,
    alsoBy: TOP_DIMENSIONS,
    metrics: [],
    limits: LIMITS,
  });
  const hasBaseline = options.baseline !== null || (result.finding?.onset ?? null) !== null;
  const top = await findTopValues(slice, {
    span,
    baseline: hasBaseline ? result.breakdown.baselineWindow : { startMs: span.startMs, endMs: span.startMs },
    dimensions: TOP_DIMENSIONS,
    topN: options.top,
    known: result.breakdown,
  });
  const isShort = part === span && readableStepMs(span) === MINUTE_MS;
  const series = isShort ? result.series : await longSeries(slice, span);
  return { analysis: { intake: slice.intake, top, hasBaseline, series, finding: result.finding }, result };
}

async function longSeries(slice: LogSlice, span: TimeWindow): Promise<TrafficSeries> {
  const stepMs = readableStepMs(span);
  return slice.series({ window: { ...span, startMs: Math.floor(span.startMs / stepMs) * stepMs }, stepMs });
}

function spanOf({ intake }: LogSlice, { fromMs, toMs }: AnalyzeOptions): TimeWindow {
  const startMs = fromMs ?? intake.firstMs ?? toMs ?? 0;
  const endMs = toMs ?? (intake.lastMs === null ? startMs : intake.lastMs + 1);
  return { startMs, endMs: Math.max(startMs, endMs) };
}

function serviceName(paths: readonly string[]): string {
  return paths.length === 1 ? basename(paths[0] ?? "") : `${paths.length} paths`;
}
