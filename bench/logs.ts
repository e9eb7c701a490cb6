/**
 * Holds `spillway analyze` against `zcat` of the same files, two at a time, and against GoAccess where it is there:
 * whole processes of the built program, in turns, medians of the rounds' ratios, so that what else the machine does
 * hits all alike. Then the same for other kinds of logs, for more and fewer lines, and where the time goes.
 *
 * BENCH_LINES (1000000), BENCH_ROUNDS (5) and BENCH_MAX_LINES (10000000) make it smaller.
 */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeLogFiles } from "./log-files.ts";
import { ALB, CLOUDFRONT, CUT_ALB, DAMAGED_ALB, type LogKind, NGINX, QUOTED_ALB } from "./log-lines.ts";
import { type Run, together } from "./processes.ts";
import { timeApart } from "./time-apart.ts";

const LINES = Number(process.env["BENCH_LINES"] ?? 1_000_000);
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 5);
const MAX_LINES = Number(process.env["BENCH_MAX_LINES"] ?? 10_000_000);
const FILES = 12;

const PROGRAM = fileURLToPath(new URL("../dist/src/cli.js", import.meta.url));
/** GoAccess's own words for each kind, and a version of it in which they work: 1.7. */
const GOACCESS = new Map<LogKind, readonly string[]>([
  [ALB, ["--log-format=AWSALB", "--date-format=%Y-%m-%d", "--time-format=%H:%M:%S"]],
  [NGINX, ["--log-format=COMBINED"]],
  [CLOUDFRONT, ["--log-format=CLOUDFRONT", "--date-format=%Y-%m-%d", "--time-format=%H:%M:%S"]],
]);

interface Contender {
  readonly name: string;
  /** Takes so long that one round has to do. */
  readonly isSlow?: boolean;
  run(): Promise<Run>;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "spillway-bench-"));
  try {
    for (const kind of [ALB, NGINX, CLOUDFRONT, QUOTED_ALB, CUT_ALB, DAMAGED_ALB]) await compareKind(folder, kind);
    await compareSizes(folder);
    await timeApart(writeLogFiles(join(folder, "apart"), { kind: ALB, lines: LINES, files: FILES, seed: 1 }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function compareKind(folder: string, kind: LogKind): Promise<void> {
  const place = join(folder, "kind");
  const files = writeLogFiles(place, { kind, lines: LINES, files: FILES, seed: 1 });
  const output = join(folder, "analyze.json");
  const contenders = contendersFor(kind, files, output);
  const runs = new Map<string, Run[]>(contenders.map(({ name }) => [name, []]));
  for (const { run, isSlow } of contenders) if (!isSlow) await run();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { name, run, isSlow } of contenders) {
      if (!isSlow || round === 0) runs.get(name)?.push(await run());
    }
  }
  const { lines, parsed, recovered, unparsed } = JSON.parse(readFileSync(output, "utf8"));
  say(
    `\n${kind.name}: ${lines} lines in ${FILES} gzip files = ${parsed} parsed + ${recovered} recovered + ${unparsed} unparsed; ${ROUNDS} rounds`,
  );
  for (const [name, taken] of runs) say(`  ${reportLine(name, taken, runs.get("zcat") ?? [])}`);
  rmSync(place, { recursive: true });
}

function contendersFor(kind: LogKind, files: readonly string[], output: string): readonly Contender[] {
  const contenders: Contender[] = [
    zcat(files),
    { name: "analyze", run: () => together([[process.execPath, PROGRAM, "analyze", ...files, "--json"]], output) },
    // The part of it that is over before the first line is read.
    { name: "start-up", run: () => together([[process.execPath, PROGRAM, "analyze", "--help"]], "/dev/null") },
  ];
  const format = GOACCESS.get(kind);
  if (format === undefined) return contenders;
  if (spawnSync("goaccess", ["--version"]).error) {
    say("goaccess is not installed, so it is left out");
    return contenders;
  }
  // `exec`, so that the process that is watched is GoAccess itself.
  const command = `exec goaccess - ${format.join(" ")} --no-progress -o json < <(zcat ${files.join(" ")})`;
  return [
    ...contenders,
    { name: "goaccess", isSlow: true, run: () => together([["bash", "-c", command]], "/dev/null") },
  ];
}

function zcat(files: readonly string[]): Contender {
  // Every other one, so that both have as much to do where files grow.
  const halves = [0, 1].map((odd) => files.filter((_, index) => index % 2 === odd));
  return {
    name: "zcat",
    run: () =>
      together(
        halves.map((some) => ["zcat", ...some]),
        "/dev/null",
      ),
  };
}

/** Ten times as many lines are to take ten times as long, no more. */
async function compareSizes(folder: string): Promise<void> {
  const sizes = [0.1, 0.3, 1, 3, 10].map((millions) => millions * 1e6).filter((size) => size <= MAX_LINES);
  say("\nALB by size, one round each; zcat reads two files at a time");
  const place = join(folder, "sizes");
  const files: string[] = [];
  let written = 0;
  for (const size of sizes) {
    // What is there already is kept: each step adds lines of other clients.
    files.push(...writeLogFiles(place, { kind: ALB, lines: size - written, files: FILES, seed: size / 1e5 }));
    written = size;
    await zcat(files).run();
    const base = await zcat(files).run();
    const own = await together([[process.execPath, PROGRAM, "analyze", place, "--json"]], "/dev/null");
    const perMillion = (own.tookMs / size) * 1e6;
    say(
      `  ${String(size).padStart(9)} lines  ${(own.tookMs / base.tookMs).toFixed(2)} × zcat  ${(perMillion / 1_000).toFixed(2)} s a million  ${peakOf([own])}`,
    );
  }
  rmSync(place, { recursive: true });
}

function reportLine(name: string, runs: readonly Run[], zcat: readonly Run[]): string {
  const ratio = median(runs.map(({ tookMs }, round) => tookMs / (zcat[round]?.tookMs ?? Number.NaN)));
  const cpu = median(runs.map(({ cpuMs }, round) => (cpuMs ?? Number.NaN) / (zcat[round]?.cpuMs ?? Number.NaN)));
  const wall = `${median(runs.map(({ tookMs }) => tookMs)).toFixed(0)} ms`.padStart(8);
  return `${name.padEnd(8)}  ${ratio.toFixed(2).padStart(6)} × zcat  ${wall}  processor time ${cpu.toFixed(2)} ×  ${peakOf(runs)}`;
}

function peakOf(runs: readonly Run[]): string {
  const peaks = runs.flatMap(({ peakBytes }) => peakBytes ?? []);
  return peaks.length === 0 ? "peak memory unknown" : `peak memory ${Math.round(Math.max(...peaks) / 1024 ** 2)} MiB`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}

await main();
