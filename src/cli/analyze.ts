import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { MINUTE_MS, minutesIn, type TimeWindow } from "../domain/time-window.ts";
import { UserError } from "../errors.ts";
import { INVESTIGATED } from "../investigated.ts";
import type { InvestigationResult } from "../investigation.ts";
import { createLogReader } from "../logs/reader.ts";
import { createFileSource } from "../logs/sources/files.ts";
import { ANALYZE_USAGE, type AnalyzeOptions, readAnalyzeOptions } from "./analyze-options.ts";
import { printable } from "./printable.ts";
import { type BarStream, createProgressBar } from "./progress-bar.ts";

/** Where the program writes; `process` is one. */
export interface AnalyzeIo {
  readonly stdout: { write(text: string): unknown };
  readonly stderr: BarStream;
  /** Where memory spills to; the system's folder for temporary files where it is left out. */
  readonly spillDir?: string;
}

/** All that comes after the reading. Loaded while the engine reads, and not before: the engine is what takes long. */
function importAnalysis() {
  return Promise.all([import("./analyze-slice.ts"), import("./analyze-json.ts"), import("./analyze-report.ts")]);
}

/** Runs `spillway analyze`; gives the exit status: 0, or 2 for bad input, with one line on standard error. */
export async function runAnalyze(argv: readonly string[], io: AnalyzeIo): Promise<number> {
  try {
    const options = readAnalyzeOptions(argv);
    io.stdout.write(options === "help" ? ANALYZE_USAGE : await analyzeFiles(options, io));
    return 0;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    io.stderr.write(`spillway analyze: ${printable(error.message.replaceAll(/\s*\n\s*/g, " "))}\n`);
    return 2;
  }
}

async function analyzeFiles(options: AnalyzeOptions, io: AnalyzeIo): Promise<string> {
  const bar = createProgressBar(io.stderr);
  const stop = new AbortController();
  const interrupt = () => stop.abort(new UserError("interrupted", "Interrupted; nothing was left behind."));
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    if (options.explains) return await (await import("./explain.ts")).explainFiles(options, stop.signal);
    const reader = createLogReader({
      source: createFileSource(options.paths),
      format: options.format,
      trustedProxies: options.trustedProxies,
      spillDir: io.spillDir ?? tmpdir(),
    });
    const slice = await reader.read({
      window: windowToRead(options),
      ...INVESTIGATED,
      onProgress: (progress) => {
        bar.show(progress);
        // Again and again, which costs nothing; what fails here fails below, too.
        importAnalysis().catch(() => {});
      },
      signal: stop.signal,
    });
    bar.clear();
    try {
      const [{ analyzeSlice }, { toJson }, { renderReport }] = await importAnalysis();
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

/** The span and the baseline together, since both are asked about. */
function windowToRead({ fromMs, toMs, baseline }: AnalyzeOptions): TimeWindow | null {
  if (fromMs === null && toMs === null) return null;
  return {
    startMs: Math.min(fromMs ?? 0, baseline?.startMs ?? Number.MAX_SAFE_INTEGER),
    endMs: Math.max(toMs ?? Number.MAX_SAFE_INTEGER, baseline?.endMs ?? 0),
  };
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
