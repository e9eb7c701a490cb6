/**
 * Scores the scan over slices on cases whose cause is known, beside published methods: `-- DIR [--out FILE]`.
 *
 * DIR has one CSV a case: `min,value,cnt` (minute, bad events, all events) and the dimensions, and the true causes in
 * anomaly.yaml, which is read when all answers are given, and may be missing. FILE gets them as JSON lines,
 * five ranks a case, of which the first one or two are named as its causes. With
 * `--cross-validate`, settings are chosen on four fifths of the cases and scored on the fifth left out, again and again.
 */
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Answer, answer, SETTINGS } from "./attribution/answer.ts";
import { type AttributionCase, CaseError, listCases, readCase } from "./attribution/cases.ts";
import { crossValidate, GRID } from "./attribution/cross-validate.ts";
import { type Label, readLabels } from "./attribution/labels.ts";
import { type Score, score } from "./attribution/score.ts";
import { measureSpeed } from "./attribution/speed.ts";

const USAGE = "usage: npm run bench:slices -- DIR [--out FILE] [--cross-validate]";

/**
 * F1 as RiskLoc's evaluation scores it, measured on all 135 cases, of which DIR may hold a part. These methods are told
 * the minute of the alarm.
 */
const PUBLISHED = [
  { name: "RiskLoc", figures: ".025" },
  { name: "r_adtributor", figures: ".104" },
  { name: "AutoRoot", figures: ".261" },
  { name: "Adtributor", figures: ".274" },
  { name: "RobustSpot", figures: ".455              top-5 .98, 1.83 s a case, by its paper" },
  { name: "prototype", figures: ".523  top-1 .55   top-5 .90" },
];
const NAME_CHARS = 15;

function main(): void {
  const { folder, out, isCrossValidated } = readArguments();
  const files = listCases(folder);
  const cases = files.map((file) => readCase(folder, file));
  const startedMs = performance.now();
  const answers = cases.map((incident) => answer(incident, SETTINGS));
  const secsPerCase = (performance.now() - startedMs) / 1_000 / cases.length;
  if (out !== undefined) writeAnswers(out, files, answers);
  say(`${cases.length} cases, ${secsPerCase.toFixed(4)} s a case beside reading; settings ${JSON.stringify(SETTINGS)}`);
  const labels = readLabels(folder);
  if (labels === null) say("no anomaly.yaml there, so the answers are not scored");
  else reportScores(cases, answers, labels);
  if (labels !== null && isCrossValidated) reportCrossValidation(cases, labels);
  say(`\n${measureSpeed()}`);
}

function readArguments(): { folder: string; out: string | undefined; isCrossValidated: boolean } {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { out: { type: "string" }, "cross-validate": { type: "boolean" } },
    });
    const [folder, ...others] = positionals;
    if (folder === undefined || others.length > 0) throw new CaseError(USAGE);
    return { folder, out: values.out, isCrossValidated: values["cross-validate"] === true };
  } catch (error) {
    throw error instanceof CaseError ? error : new CaseError(`${(error as Error).message}; ${USAGE}`);
  }
}

const WRITTEN_RANKS = 5;

function writeAnswers(path: string, files: readonly string[], answers: readonly Answer[]): void {
  const lines = answers.flatMap(({ named, ranked }, index) =>
    ranked
      .slice(0, WRITTEN_RANKS)
      .map(({ slice, gain }, at) =>
        JSON.stringify({ case: files[index], rank: at + 1, slice, score: gain, named: named.includes(slice) }),
      ),
  );
  try {
    writeFileSync(path, `${lines.join("\n")}\n`);
  } catch (error) {
    throw new CaseError(`cannot write "${path}": ${(error as Error).message}`);
  }
}

function reportScores(
  cases: readonly AttributionCase[],
  answers: readonly Answer[],
  labels: ReadonlyMap<string, Label>,
): void {
  const known = cases.flatMap((incident, index) => {
    const label = labels.get(incident.name);
    return label === undefined ? [] : [{ incident, label, found: answers[index] as Answer }];
  });
  const onTime = known.filter(({ found, label }) => found.minute === label.alarm).length;
  const told = known.map(({ incident, label }) => ({ ...answer(incident, SETTINGS, label.alarm), ...label }));
  say(`${known.length} of them labelled; the minute found is the alarm's in ${onTime}`);
  say(`\n${"".padEnd(NAME_CHARS)} F1; from RiskLoc on: of all 135 cases, told when`);
  say(`${"scan".padEnd(NAME_CHARS)} ${writeScore(score(known.map(({ found, label }) => ({ ...found, ...label }))))}`);
  say(`${"scan, told when".padEnd(NAME_CHARS)} ${writeScore(score(told))}`);
  for (const { name, figures } of PUBLISHED) say(`${name.padEnd(NAME_CHARS)} ${figures}`);
}

function reportCrossValidation(cases: readonly AttributionCase[], labels: ReadonlyMap<string, Label>): void {
  const trials = cases.flatMap((incident) => {
    const label = labels.get(incident.name);
    if (label === undefined) return [];
    // Names end in the number of the channel, which several cases share.
    const group = /\d+$/.exec(incident.name)?.[0] ?? incident.name;
    return [{ group, causes: label.causes, answers: GRID.map((settings) => answer(incident, settings)) }];
  });
  const scores = crossValidate(trials);
  say(
    `\nheld out, ${scores.length} times 5 folds, cases of one channel together, ${GRID.length} settings to choose from`,
  );
  for (const measure of ["f1", "top1", "top5"] as const) say(`  ${measure.padEnd(5)} ${spread(scores, measure)}`);
}

function spread(scores: readonly Score[], measure: keyof Score): string {
  const values = scores.map((one) => one[measure]).toSorted((a, b) => a - b);
  const mean = values.reduce((all, value) => all + value, 0) / values.length;
  return `mean ${write(mean)}, from ${write(values[0] ?? 0)} to ${write(values.at(-1) ?? 0)}`;
}

function writeScore({ f1, top1, top5 }: Score): string {
  return `${write(f1)}  top-1 ${write(top1)}  top-5 ${write(top5)}`;
}

function write(share: number): string {
  return share.toFixed(3).replace(/^0/, "");
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

try {
  main();
} catch (error) {
  if (!(error instanceof CaseError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 2;
}
