import { median } from "../../src/domain/robust.ts";
import type { Cube, CubeCell } from "../../src/domain/scan/cube.ts";
import { scanCube } from "../../src/domain/scan/scan.ts";
import { createRandom, type Random, skewed, whole } from "../random.ts";

const CELLS = 20_000;
/** Of a crawler that takes every page once, and of a flood from forty addresses of one network. */
const CELLS_OF_EACH = 400;
const RUNS = 15;

/** Scans a large cube by three dimensions, and says how long that takes, for people. */
export function measureSpeed(): string {
  const cube = largeCube();
  const options = {
    timeFactor: 1,
    dispersion: 3,
    minGain: 10,
    minRatio: 1.5,
    minShare: 0.05,
    maxDimensions: 3,
  } as const;
  const trees = [["net16", "net24", "ip"]];
  const runs = Array.from({ length: RUNS }, () => {
    const before = process.cpuUsage();
    const startedMs = performance.now();
    const { slices } = scanCube(cube, { ...options, trees });
    const tookMs = performance.now() - startedMs;
    return { tookMs, cpuMs: process.cpuUsage(before).user / 1_000, named: slices.length };
  });
  const tookMs = runs.map((run) => run.tookMs);
  return (
    `${cube.cells.length} cells × ${cube.dimensions.length} dimensions, slices of up to 3, ${runs[0]?.named} named: ` +
    `median ${median(tookMs).toFixed(0)} ms, best ${Math.min(...tookMs).toFixed(0)} ms, ` +
    `processor time ${median(runs.map((run) => run.cpuMs)).toFixed(0)} ms, ${RUNS} runs`
  );
}

function largeCube(): Cube {
  const random = createRandom(1);
  return {
    dimensions: ["net16", "net24", "ip", "userAgent", "path", "host", "status", "method"],
    cells: [
      ...Array.from({ length: CELLS - 2 * CELLS_OF_EACH }, () => usual(random)),
      ...Array.from({ length: CELLS_OF_EACH }, (_, index) =>
        newcomer(["10.9", "10.9.9", "10.9.9.9", "crawler", `/page/${index}`, "host0", "200", "GET"]),
      ),
      ...Array.from({ length: CELLS_OF_EACH }, (_, index) =>
        newcomer(["10.8", "10.8.8", `10.8.8.${index % 40}`, `agent${index % 30}`, "/login", "host1", "200", "POST"]),
      ),
    ],
  };
}

function usual(random: Random): CubeCell {
  const client = skewed(4_000, random);
  const baseline = 1 + whole(5, random);
  return {
    values: [
      `10.${client >> 9}`,
      `10.${client >> 9}.${client >> 5}`,
      `10.${client >> 9}.${client >> 5}.${client}`,
      `agent${skewed(300, random)}`,
      `/page/${skewed(500, random)}`,
      `host${skewed(20, random)}`,
      String(200 + skewed(8, random)),
      random() < 0.8 ? "GET" : "POST",
    ],
    baseline,
    spike: baseline + whole(3, random) - 1,
  };
}

function newcomer(values: readonly string[]): CubeCell {
  return { values, baseline: 0, spike: 50 };
}
