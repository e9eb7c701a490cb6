/**
 * Measures how long a verdict takes once everything is counted: `analyse` on the counts of a million requests of
 * 100,000 clients, with 5,000 rows a dimension and a cube of what may be guilty.
 *
 * npm run bench:analysis -- [--requests 1000000] [--clients 100000]
 */
import { parseArgs } from "node:util";
import { analyse } from "../src/domain/analysis.ts";
import type { AnalysisInput } from "../src/domain/analysis-input.ts";
import { median } from "../src/domain/robust.ts";
import { makeLargeInput } from "./analysis/large-input.ts";

const RUNS = 11;

const { values } = parseArgs({
  options: { requests: { type: "string", default: "1000000" }, clients: { type: "string", default: "100000" } },
});
const input = makeLargeInput({ requests: Number(values.requests), clients: Number(values.clients) });
/** Another object each time: what is found in a cube is remembered with it. */
function fresh(): AnalysisInput {
  const { observations = {} } = input;
  return { ...input, observations: { ...observations, ...(observations.cube && { cube: { ...observations.cube } }) } };
}

const runs = Array.from({ length: RUNS }, () => {
  const asked = fresh();
  const before = process.cpuUsage();
  const startedMs = performance.now();
  const finding = analyse(asked);
  return { tookMs: performance.now() - startedMs, cpuMs: process.cpuUsage(before).user / 1_000, finding };
});
const [first] = runs;
const rows = Object.values(input.breakdown.by).reduce((sum, each) => sum + (each?.rows.length ?? 0), 0);
process.stdout.write(
  `${input.breakdown.baseline.requests + input.breakdown.spike.requests} requests, ${rows} rows, ` +
    `${input.observations?.cube?.cells.length} cells: first run ${first?.tookMs.toFixed(0)} ms, ` +
    `median ${median(runs.map(({ tookMs }) => tookMs)).toFixed(0)} ms, ` +
    `processor time ${median(runs.map(({ cpuMs }) => cpuMs)).toFixed(0)} ms, ${RUNS} runs\n` +
    `${first?.finding.verdict}\n`,
);
