import { CAUSE_KINDS } from "../../src/domain/finding.ts";
import type { QuietLog } from "./quiet-logs.ts";
import type { Summary } from "./summary.ts";

/** Writes a summary for people. */
export function renderSummary(summary: Summary): string {
  const { mixtures, suspects, onset, effect, quiet } = summary;
  return [
    ...confusionLines(summary),
    "",
    `primary cause right      ${percent(summary.primaryRight)} of ${summary.cases}`,
    `mixtures                 ${mixtures.cases}: first right ${mixtures.firstRight}, all named ${mixtures.allNamed}, all and no other ${mixtures.exact}`,
    `suspects                 precision ${percent(suspects.precision)} of ${suspects.named} named, recall ${percent(suspects.recall)} of guilty requests, F1 ${number(suspects.f1)}`,
    `nobody guilty            somebody blamed in ${suspects.blamedInnocent.blamed} of ${suspects.blamedInnocent.cases}`,
    `onset                    found in ${onset.found} of ${onset.of}; error median ${number(onset.medianMins)} min, p90 ${number(onset.p90Mins)} min`,
    `effect of a block        ${effect.blocks} offered; error median ${number(effect.medianPoints)} points, p90 ${number(effect.p90Points)} points`,
    `false alarms             ${quiet.alarms} of ${quiet.cases} quiet incidents`,
    `time                     analysis median ${number(summary.analyseMs.median, 0)} ms, p90 ${number(summary.analyseMs.p90, 0)} ms; reading before it ${number(summary.readMs.median, 0)} ms`,
    "",
    `score of the first cause against how often it is right (Brier ${number(summary.brier, 3)})`,
    ...summary.calibration.map(
      ({ from, to, cases, meanScore, right }) =>
        `  ${from.toFixed(1)}–${to.toFixed(1)}  ${String(cases).padStart(4)} cases${cases === 0 ? "" : `, mean score ${meanScore.toFixed(2)}, right ${percent(right / cases)}`}`,
    ),
  ].join("\n");
}

/** Writes for people what was said of real logs. */
export function renderQuietLogs(judged: readonly QuietLog[] | string): string {
  if (typeof judged === "string") return `false alarms             real logs not measured: ${judged}`;
  return judged
    .map(({ name, windows, alarms }) => {
      const kinds = [...new Set(alarms.map(({ kind }) => kind))].join(", ");
      return `false alarms             ${alarms.length} of ${windows} hours of ${name}${kinds === "" ? "" : ` (${kinds})`}`;
    })
    .join("\n");
}

/** One row a true kind, one column an answer. */
function confusionLines({ confusion }: Summary): readonly string[] {
  const columns = CAUSE_KINDS.map((kind) =>
    kind
      .split("-")
      .map((word) => word.slice(0, 4))
      .join("-"),
  );
  const header = `${"true \\ answered".padEnd(20)}${columns.map((name) => name.padStart(10)).join("")}    right`;
  const rows = CAUSE_KINDS.flatMap((kind) => {
    const row = confusion.get(kind);
    if (row === undefined) return [];
    const all = [...row.values()].reduce((sum, count) => sum + count, 0);
    const cells = CAUSE_KINDS.map((answer) => String(row.get(answer) ?? ".").padStart(10)).join("");
    return [`${kind.padEnd(20)}${cells}    ${percent((row.get(kind) ?? 0) / all).padStart(5)}`];
  });
  return [header, ...rows];
}

function percent(share: number | null): string {
  return share === null ? "–" : `${(share * 100).toFixed(0)} %`;
}

function number(value: number | null, digits = 2): string {
  return value === null ? "–" : value.toFixed(digits);
}
