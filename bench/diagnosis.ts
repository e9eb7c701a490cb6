/**
 * Holds verdicts against the truth: makes incidents at random, writes them as logs, has the product's own reader and
 * analysis judge them, and prints how often and by how much it is wrong; then what it says of quiet real logs.
 *
 * npm run bench:diagnosis -- [--seed 100000] [--count 200] [--kind KIND[+KIND] | --kind quiet] [--format NAME]
 *   [--background FILE] [--json FILE] [--keep DIR] [--no-real]
 *
 * Seeds 1–1,999 are for development: look at them as much as you like. Those from 100,000 on are held out: thresholds
 * are never set on them, and single cases of them are not looked at.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CAUSE_KINDS } from "../src/domain/finding.ts";
import { readBackground } from "../src/sandbox/incidents/background.ts";
import type { TrueKind } from "../src/sandbox/incidents/truth.ts";
import { LINE_FORMAT_NAMES, type LineFormatName } from "../src/sandbox/site/line-format.ts";
import { judgeQuietLogs } from "./diagnosis/quiet-logs.ts";
import { renderQuietLogs, renderSummary } from "./diagnosis/report.ts";
import { runCase } from "./diagnosis/run-case.ts";
import { type CaseScore, scoreCase } from "./diagnosis/score-case.ts";
import { summarise } from "./diagnosis/summary.ts";

const FIRST_HELD_OUT_SEED = 100_000;

async function main(): Promise<void> {
  const options = readOptions();
  const folder = options.keep ?? mkdtempSync(join(tmpdir(), "spillway-diagnosis-"));
  const scores: CaseScore[] = [];
  try {
    for (let seed = options.seed; seed < options.seed + options.count; seed++) {
      const run = await runCase({ seed, incident: options.incident, folder, isKept: options.keep !== undefined });
      const score = scoreCase(run);
      if (score === null) throw new Error(`nothing of incident ${seed} could be read`);
      scores.push(score);
      if (process.stderr.isTTY) process.stderr.write(`\r${scores.length} of ${options.count} `);
    }
  } finally {
    if (options.keep === undefined) rmSync(folder, { recursive: true, force: true });
  }
  const quietLogs = options.hasReal ? await judgeQuietLogs() : "left out (--no-real)";
  const lines = scores.reduce((sum, score) => sum + score.lines, 0);
  const heldOut = options.seed >= FIRST_HELD_OUT_SEED ? "held out" : "for development";
  say(
    `${scores.length} incidents, seeds ${options.seed} to ${options.seed + options.count - 1} (${heldOut}), ${lines} lines\n`,
  );
  say(renderSummary(summarise(scores)));
  say(renderQuietLogs(quietLogs));
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify({ scores, quietLogs }, null, 1)}\n`);
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      seed: { type: "string", default: String(FIRST_HELD_OUT_SEED) },
      count: { type: "string", default: "200" },
      kind: { type: "string" },
      format: { type: "string" },
      background: { type: "string" },
      json: { type: "string" },
      keep: { type: "string" },
      "no-real": { type: "boolean", default: false },
    },
  });
  const format = values.format === undefined ? undefined : oneOf<LineFormatName>(values.format, LINE_FORMAT_NAMES);
  return {
    seed: Number(values.seed),
    count: Number(values.count),
    json: values.json,
    keep: values.keep,
    hasReal: !values["no-real"],
    incident: {
      ...(values.kind !== undefined && { kinds: kindsOf(values.kind) }),
      ...(format !== undefined && { format }),
      ...(values.background !== undefined && { background: readBackground(values.background) }),
    },
  };
}

function kindsOf(text: string): readonly TrueKind[] {
  const played = CAUSE_KINDS.filter((kind): kind is TrueKind => kind !== "unknown" && kind !== "no-anomaly");
  return text === "quiet" ? [] : text.split("+").map((kind) => oneOf(kind, played));
}

function oneOf<Name extends string>(text: string, names: readonly Name[]): Name {
  const name = names.find((each) => each === text);
  if (name === undefined) throw new RangeError(`${text} is none of ${names.join(", ")}`);
  return name;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

await main();
