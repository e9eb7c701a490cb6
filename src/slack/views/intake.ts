import { fetchedText, missingText, objectsText, tooEarlyText } from "../../domain/coverage-text.ts";
import { formatDuration } from "../../domain/duration.ts";
import { formatsRead, lacksText, linesText, skippedByReason } from "../../domain/intake-text.ts";
import type { LogCount } from "../../domain/log-count.ts";
import { formatBytes, formatUsd } from "../../domain/quantity.ts";
import type { TimeWindow } from "../../domain/time-window.ts";
import type { Intake } from "../../domain/traffic.ts";
import { formatUtcTime, formatUtcWindow } from "../../domain/utc.ts";
import { code, plain } from "../escape.ts";
import { count, percent, plural } from "./numbers.ts";

/** What an answer was made from. */
export interface Source {
  readonly description: string;
  readonly window: TimeWindow;
  readonly intake: Intake;
  /** The log's count of requests against CloudWatch's; null or left out where there is nothing to hold it against. */
  readonly logCount?: LogCount | null;
}

const FORMATS_SHOWN = 2;
const REASONS_SHOWN = 2;

/**
 * Says what an answer was made from: source, window, how much of the log was there and how new it is, what became of
 * every line, and what was not read.
 */
export function sourceLines(source: Source): readonly string[] {
  const { intake, window } = source;
  const { coverage } = intake;
  const lines = [
    mainLine(source),
    ...(intake.lastMs === null
      ? ["No request in it, which is not the same as no traffic: the log may be late or elsewhere."]
      : []),
    ...formatLines(intake),
    ...[lacksText(intake)].filter((text) => text !== null),
    ...(intake.athena === undefined ? [] : [athenaLine(intake.athena)]),
  ];
  if (coverage !== null) {
    const missing = missingText(coverage, window);
    lines.push(fetchedText(coverage, window));
    if (missing !== null) lines.push(`:warning: ${missing}`);
    const tooEarly = tooEarlyText(coverage, window);
    if (tooEarly !== null) lines.push(tooEarly);
  }
  return [...lines, ...skippedLines(intake)];
}

function mainLine({ description, window, intake, logCount = null }: Source): string {
  const source = `${plain(description)}, ${formatUtcWindow(window)} and the time before it to compare with`;
  const read = intake.coverage === null ? plural(intake.files, "file") : objectsText(intake.coverage);
  const newest = intake.lastMs === null ? "" : `, newest record ${newestText(intake.lastMs, window)}`;
  const held = logCount === null ? "" : `; log count ${percent(logCount.share)} of CloudWatch's`;
  return `${source}: ${read}${newest}; ${linesText(intake)}${held}.`;
}

function newestText(lastMs: number, window: TimeWindow): string {
  const behindSecs = Math.round((window.endMs - lastMs) / 1_000);
  const behind = behindSecs <= 1 ? "up to the window's end" : `${formatDuration(behindSecs)} before the window's end`;
  return `${formatUtcTime(lastMs)}, ${behind}`;
}

function athenaLine({ queries, scannedBytes, usd }: NonNullable<Intake["athena"]>): string {
  const asked = `${plural(queries, "query", "queries")} read ${formatBytes(scannedBytes)}`;
  return `Answered by Athena, where the log lies: ${asked} in all, for ${formatUsd(usd)}.`;
}

function formatLines(intake: Intake): readonly string[] {
  const formats = formatsRead(intake);
  const isOne = formats.length === 1;
  const shown = formats.slice(0, FORMATS_SHOWN).map(({ format, files, because }) => {
    const reasons = [...(isOne ? [] : [plural(files, "file")]), ...(because === null ? [] : [plain(because, 120)])];
    return `${code(format)}${reasons.length === 0 ? "" : ` (${reasons.join(": ")})`}`;
  });
  const more = formats.length > shown.length ? ` and ${count(formats.length - shown.length)} more` : "";
  return shown.length === 0 ? [] : [`Read as ${shown.join(", ")}${more}.`];
}

function skippedLines({ skipped }: Intake): readonly string[] {
  const groups = skippedByReason(skipped);
  const lines = groups.slice(0, REASONS_SHOWN).map(({ reason, files, first }) => {
    const example = files === 1 ? code(first) : `${code(first)} and ${count(files - 1)} more`;
    return `:warning: ${plural(files, "file was", "files were")} not read, or not all: ${example} (${plain(reason, 100)}).`;
  });
  const others = groups.slice(REASONS_SHOWN).reduce((sum, { files }) => sum + files, 0);
  return others === 0 ? lines : [...lines, `${plural(others, "more file was", "more files were")} not read.`];
}
