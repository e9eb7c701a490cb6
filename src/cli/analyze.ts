import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename } from "node:path";
import { MINUTE_MS, minutesIn, type TimeWindow } from "../domain/time-window.ts";
import type { TrafficSeries } from "../domain/traffic.ts";
import { UserError } from "../errors.ts";
import { type InvestigationResult, investigateSlice } from "../investigation.ts";
import { createLogReader } from "../logs/reader.ts";
import { createFileSource } from "../logs/sources/files.ts";
import type { LogSlice } from "../ports.ts";
import { type Analysis, TOP_DIMENSIONS, toJson } from "./analyze-json.ts";
import { ANALYZE_USAGE, type AnalyzeOptions, readAnalyzeOptions } from "./analyze-options.ts";
import { renderReport } from "./analyze-report.ts";
import { mainPartOf, readableStepMs } from "./main-part.ts";
import { type BarStream, createProgressBar } from "./progress-bar.ts";
import { findTopValues } from "./top-values.ts";

/** Where the program writes; `process` is one. */
export interface AnalyzeIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: BarStream;
  /** Where memory spills to; the system's folder for temporary files where it is left out. */
  readonly spillDir?: string;
}

/** What a block would be offered for; nothing is configured for files on disk. */
const LIMITS = {
  neverBlock: [],
  blocked: [],
  blockSecs: 3_600,
  maxAddresses: 100,
  capacity: null,
  instanceHourUsd: null,
  mayBlock: true,
  offersForPast: true,
} as const;

/** Runs `spillway analyze`; gives the exit status: 0, or 2 for bad input, with one line on standard error. */
export async function runAnalyze(argv: readonly string[], io: AnalyzeIo): Promise<number> {
  try {
    const options = readAnalyzeOptions(argv);
    io.stdout.write(options === "help" ? ANALYZE_USAGE : await analyzeFiles(options, io));
    return 0;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    io.stderr.write(`spillway analyze: ${error.message.replaceAll(/\s*\n\s*/g, " ")}\n`);
    return 2;
  }
}

async function analyzeFiles(options: AnalyzeOptions, io: AnalyzeIo): Promise<string> {
  const bar = createProgressBar(io.stderr);
  const stop = new AbortController();
  const interrupt = () => stop.abort(new UserError("interrupted", "Interrupted; nothing was left behind."));
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    const reader = createLogReader({
      source: createFileSource(options.paths),
      format: options.format,
      spillDir: io.spillDir ?? tmpdir(),
    });
    const slice = await reader.read({ window: windowToRead(options), onProgress: bar.show, signal: stop.signal });
    bar.clear();
    try {
      const { analysis, result } = await analyzeSlice(slice, options);
      if (options.png !== null) await writeChart(options.png, result);
      return options.isJson ? `${JSON.stringify(toJson(analysis))}\n` : renderReport(analysis);
    } finally {
      await slice.close();
    }
  } finally {
    bar.clear();
    process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
  }
}

async function analyzeSlice(
  slice: LogSlice,
  options: AnalyzeOptions,
): Promise<{ analysis: Analysis; result: InvestigationResult }> {
  const span = spanOf(slice, options);
  const part = options.baseline === null ? await mainPartOf(slice, span) : span;
  const result = await investigateSlice(slice, {
    service: serviceName(options.paths),
    span: part,
    baseline: options.baseline,
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

/** The span and the baseline together, since both are asked about. */
function windowToRead({ fromMs, toMs, baseline }: AnalyzeOptions): TimeWindow | null {
  if (fromMs === null && toMs === null) return null;
  return {
    startMs: Math.min(fromMs ?? 0, baseline?.startMs ?? Number.MAX_SAFE_INTEGER),
    endMs: Math.max(toMs ?? Number.MAX_SAFE_INTEGER, baseline?.endMs ?? 0),
  };
}

function spanOf({ intake }: LogSlice, { fromMs, toMs }: AnalyzeOptions): TimeWindow {
  const startMs = fromMs ?? intake.firstMs ?? 0;
  const endMs = toMs ?? (intake.lastMs === null ? startMs : intake.lastMs + 1);
  return { startMs, endMs: Math.max(startMs, endMs) };
}

function serviceName(paths: readonly string[]): string {
  return paths.length === 1 ? basename(paths[0] ?? "") : `${paths.length} paths`;
}

async function writeChart(
  path: string,
  { wholeMinutes: series, finding, guilty, breakdown }: InvestigationResult,
): Promise<void> {
  // Loaded only here: its fonts and renderer cost a tenth of a second.
  const { spikeChartSvg } = await import("../chart/spike-chart.ts");
  const { renderPng } = await import("../chart/png.ts");
  const isSpike = (finding?.onset ?? null) !== null;
  const usualPerMin = breakdown.baseline.requests / Math.max(1, minutesIn(breakdown.baselineWindow));
  const png = renderPng(
    spikeChartSvg({
      series,
      expectedPerStep: isSpike ? (usualPerMin * series.stepMs) / MINUTE_MS : null,
      onset: finding?.onset ?? null,
      guilty,
      title: "Requests a minute",
      annotations: [],
    }),
  );
  try {
    await writeFile(path, png);
  } catch (cause) {
    throw new UserError(
      "png-not-written",
      `--png ${path} cannot be written (${(cause as NodeJS.ErrnoException).code}).`,
      {
        cause,
      },
    );
  }
}
