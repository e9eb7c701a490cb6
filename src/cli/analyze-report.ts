import { fetchedText, missingText, objectsText, tooEarlyText } from "../domain/coverage-text.ts";
import { detailLines } from "../domain/details-text.ts";
import type { Cause } from "../domain/finding.ts";
import { formatsRead, lacksText, linesText, skippedByReason } from "../domain/intake-text.ts";
import type { TimeWindow } from "../domain/time-window.ts";
import type { Coverage, Dimension, Intake } from "../domain/traffic.ts";
import { formatUtcWindow } from "../domain/utc.ts";
import { type Analysis, TOP_DIMENSIONS, targetsOf } from "./analyze-json.ts";
import { cut, printable } from "./printable.ts";

const TITLES: Readonly<Record<(typeof TOP_DIMENSIONS)[number], string>> = {
  ip: "Addresses",
  net: "Networks",
  userAgent: "User agents",
  path: "Paths",
  host: "Hosts",
  referer: "Referers",
  status: "Statuses",
  method: "Methods",
};

const TARGETS_SHOWN = 3;
const REASONS_SHOWN = 10;

/** Writes an analysis for a terminal: the verdict first, then what it rests on, then where every line went. */
export function renderReport(analysis: Analysis): string {
  const { finding, intake } = analysis;
  const parts = [
    finding === null ? "No request is in this window." : printable(finding.verdict),
    ...(finding === null
      ? []
      : [
          causesText(finding.causes),
          detailLines(finding.details ?? {})
            .map(printable)
            .join("\n"),
          suggestionsText(analysis),
        ]),
    ...TOP_DIMENSIONS.map((dimension) => tableText(analysis, dimension)),
    `${windowText(analysis)}\n${intakeText(analysis)}`,
    skippedText(intake),
    ...intake.unparsedSamples.slice(0, TARGETS_SHOWN).map(({ line }) => `unparsed: ${cut(printable(line))}`),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** What fits so badly is not worth reading on a screen; `--json` has it. */
const MIN_SHOWN_SCORE = 0.3;

function causesText(causes: readonly [Cause, ...Cause[]]): string {
  const shown = causes.filter((cause, index) => index === 0 || cause.score >= MIN_SHOWN_SCORE);
  return shown
    .flatMap((cause) => [
      // One cause is named in the verdict already.
      ...(shown.length === 1 ? [] : [causeTitle(cause)]),
      ...cause.evidence.map(
        ({ direction, statement }) => `  ${direction === "for" ? "+" : "-"} ${printable(statement)}`,
      ),
    ])
    .join("\n");
}

function causeTitle({ kind, slice, score }: Cause): string {
  const values = Object.values(slice).map((value) => cut(printable(value)));
  return `${[kind, ...values].join(" ")} (${score.toFixed(2)})`;
}

function suggestionsText({ finding }: Analysis): string {
  const advice = (finding?.advice ?? []).map(({ kind, because }) => `${kind}: ${printable(because)}`);
  const suggested = (finding?.suggestions ?? []).map(({ change, predicted, because }) => {
    const targets = targetsOf(change);
    const more = targets.length > TARGETS_SHOWN ? ` and ${targets.length - TARGETS_SHOWN} more` : "";
    const removed =
      predicted.excessRemoved === null ? "" : ` removes ${percent(predicted.excessRemoved)} of the excess,`;
    return (
      `${change.kind} ${targets.slice(0, TARGETS_SHOWN).join(", ")}${more}:` +
      `${removed} stops ${percent(predicted.baselineHarmed)} of the usual requests. ${printable(because)}`
    );
  });
  return [...suggested, ...advice].join("\n");
}

function tableText({ top, hasBaseline, intake }: Analysis, dimension: keyof typeof TITLES & Dimension): string {
  const values = top.by[dimension];
  if (values === undefined || values.rows.length === 0) return "";
  // A column of zeros would say that nothing was sent.
  const hasBytes = intake.lacks?.includes("bytes") !== true;
  const rows = values.rows.map((row) => [
    count(row.requests),
    percent(top.requests === 0 ? 0 : row.requests / top.requests),
    ...(hasBaseline ? [count(row.baselineRequests)] : []),
    count(row.errors),
    ...(hasBytes ? [(row.bytes / 1e6).toFixed(1)] : []),
    cut(printable(row.value)),
  ]);
  const head = ["requests", "share", ...(hasBaseline ? ["usual"] : []), "errors", ...(hasBytes ? ["MB"] : []), ""];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const lines = [head, ...rows].map((row) =>
    row
      // The value comes last and is not padded: it is the only one of any length.
      .map((cell, column) => (column === row.length - 1 ? cell : cell.padStart(widths[column] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
  const unknown = values.unknownRequests;
  const without = unknown === 0 ? "" : `, ${count(unknown)} requests without one`;
  return [`${TITLES[dimension]} (${count(values.distinct)}${without})`, ...lines].join("\n");
}

function windowText({ top, hasBaseline }: Analysis): string {
  const { requests, clients } = top;
  const against = hasBaseline ? `, held against ${formatUtcWindow(top.baseline)}` : "";
  return `${count(requests)} requests of ${count(clients)} clients, ${formatUtcWindow(top.span)}${against}.`;
}

function intakeText({ intake, top }: Analysis): string {
  const { files, coverage } = intake;
  const formats = formatsRead(intake).map(
    ({ format, files, because }) =>
      `  ${count(files)} as ${format}${because === null ? "" : `: ${printable(because)}`}`,
  );
  return [
    `${count(files)} ${files === 1 ? "file" : "files"}; ${linesText(intake)}.`,
    ...formats,
    // Of no request, nothing is known of what the log tells.
    ...(top.requests === 0 ? [] : [lacksText(intake)]).filter((text) => text !== null),
    ...(coverage === null ? [] : coverageLines(coverage, top.span)),
  ].join("\n");
}

function coverageLines(coverage: Coverage, window: TimeWindow): readonly string[] {
  return [
    `${objectsText(coverage)}.`,
    missingText(coverage, window),
    fetchedText(coverage, window),
    tooEarlyText(coverage, window),
  ].filter((line) => line !== null);
}

/** Files that gave nothing, or not all, one line a reason. */
function skippedText({ skipped }: Intake): string {
  const groups = skippedByReason(skipped);
  const lines = groups.slice(0, REASONS_SHOWN).map(({ reason, files, first }) => {
    const more = files === 1 ? "" : ` and ${count(files - 1)} more`;
    return `skipped: ${printable(first)}${more}: ${printable(reason)}`;
  });
  const others = groups.slice(REASONS_SHOWN).reduce((sum, { files }) => sum + files, 0);
  return [...lines, ...(others === 0 ? [] : [`skipped: ${count(others)} more files, for other reasons`])].join("\n");
}

function count(value: number): string {
  return value.toLocaleString("en-US");
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
