/**
 * Holds `spillway analyze` against `zcat` of the same files, two at a time, and against GoAccess where it is there:
 * whole processes in turns, medians of the rounds' ratios, so that what else the machine does hits all alike.
 *
 * BENCH_LINES (1000000) and BENCH_ROUNDS (5) make it smaller; GoAccess takes part in the first round alone.
 */
import { spawn, spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writeAlbLogs } from "./alb-log.ts";

const LINES = Number(process.env["BENCH_LINES"] ?? 1_000_000);
const ROUNDS = Number(process.env["BENCH_ROUNDS"] ?? 5);
const FILES = 12;

const SPILLWAY = fileURLToPath(new URL("../bin/spillway.mjs", import.meta.url));
/** GoAccess's own words for ALB logs. */
const GOACCESS_FORMAT = ["--log-format=AWSALB", "--date-format=%Y-%m-%d", "--time-format=%H:%M:%S"];

interface Run {
  readonly tookMs: number;
  /** Of the largest process; null where the system does not tell. */
  readonly peakBytes: number | null;
}

interface Contender {
  readonly name: string;
  /** Takes so long that one round has to do. */
  readonly isSlow?: boolean;
  run(): Promise<Run>;
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "spillway-bench-"));
  try {
    const files = writeAlbLogs(folder, { lines: LINES, files: FILES, seed: 1 });
    const output = join(folder, "analyze.json");
    const contenders = contendersFor(files, output);
    const runs = new Map<string, Run[]>(contenders.map(({ name }) => [name, []]));
    for (const { run, isSlow } of contenders) if (!isSlow) await run();
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const { name, run, isSlow } of contenders) {
        if (!isSlow || round === 0) runs.get(name)?.push(await run());
      }
    }
    const { lines, parsed, unparsed } = JSON.parse(readFileSync(output, "utf8"));
    process.stdout.write(
      `${lines} lines in ${FILES} gzip files: ${parsed} parsed, ${unparsed} unparsed; ${ROUNDS} rounds\n`,
    );
    for (const [name, taken] of runs) process.stdout.write(`${reportLine(name, taken, runs.get("zcat") ?? [])}\n`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function contendersFor(files: readonly string[], output: string): readonly Contender[] {
  const half = Math.ceil(files.length / 2);
  const contenders: Contender[] = [
    {
      name: "zcat",
      run: () =>
        together(
          [files.slice(0, half), files.slice(half)].map((some) => ["zcat", ...some]),
          "/dev/null",
        ),
    },
    { name: "analyze", run: () => together([[process.execPath, SPILLWAY, "analyze", ...files, "--json"]], output) },
    // The part of it that is over before the first line is read.
    { name: "start-up", run: () => together([[process.execPath, SPILLWAY, "analyze", "--help"]], "/dev/null") },
  ];
  if (spawnSync("goaccess", ["--version"]).error) {
    process.stdout.write("goaccess is not installed, so it is left out\n");
  } else {
    // `exec`, so that the process that is watched is GoAccess itself.
    const command = `exec goaccess - ${GOACCESS_FORMAT.join(" ")} --no-progress -o json < <(zcat ${files.join(" ")})`;
    contenders.push({ name: "goaccess", isSlow: true, run: () => together([["bash", "-c", command]], "/dev/null") });
  }
  return contenders;
}

/** Runs commands at the same time, until the last has ended. */
async function together(commands: readonly string[][], output: string): Promise<Run> {
  const startMs = performance.now();
  const peaks = await Promise.all(commands.map((command) => runOne(command, output)));
  const known = peaks.filter((peak) => peak !== null);
  return { tookMs: performance.now() - startMs, peakBytes: known.length === 0 ? null : Math.max(...known) };
}

/** How often the peak is read while a process lives; the kernel keeps it, so only the last moments can be missed. */
const WATCH_EVERY_MS = 20;

function runOne([program = "", ...args]: readonly string[], output: string): Promise<number | null> {
  const stdout = openSync(output, "w");
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["ignore", stdout, "inherit"] });
    let peakBytes: number | null = null;
    const watch = setInterval(() => {
      peakBytes = peakOf(child.pid) ?? peakBytes;
    }, WATCH_EVERY_MS);
    child.once("error", reject);
    child.once("exit", (status) => {
      clearInterval(watch);
      closeSync(stdout);
      if (status === 0) resolve(peakBytes);
      else reject(new Error(`${program} ended with ${status}`));
    });
  });
}

/** Linux keeps the highest resident size of a living process. */
function peakOf(pid: number | undefined): number | null {
  try {
    const kilobytes = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) * 1_024;
  } catch {
    return null;
  }
}

function reportLine(name: string, runs: readonly Run[], zcat: readonly Run[]): string {
  const ratio = median(runs.map(({ tookMs }, round) => tookMs / (zcat[round]?.tookMs ?? Number.NaN)));
  const peaks = runs.flatMap(({ peakBytes }) => peakBytes ?? []);
  const memory =
    peaks.length === 0 ? "peak memory unknown" : `peak memory ${Math.round(Math.max(...peaks) / 1024 ** 2)} MiB`;
  return `${name.padEnd(8)}  ${ratio.toFixed(2)} × zcat  ${memory}`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}

await main();
