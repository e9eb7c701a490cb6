import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIMITS } from "../../src/cli/analyze-slice.ts";
import type { CauseKind } from "../../src/domain/finding.ts";
import { HOUR_MS } from "../../src/domain/time-window.ts";
import { INVESTIGATED } from "../../src/investigated.ts";
import { investigateSlice } from "../../src/investigation.ts";
import { createLogReader } from "../../src/logs/reader.ts";
import { createFileSource } from "../../src/logs/sources/files.ts";

/** What the product says of the hours of one real log in which nothing is known to have happened. */
export interface QuietLog {
  readonly name: string;
  /** Hours with at least `MIN_REQUESTS` requests. */
  readonly windows: number;
  readonly alarms: readonly { readonly atMs: number; readonly kind: CauseKind; readonly score: number }[];
}

const LOGS = ["zanbil-100k.log.gz", "semicomplete-10k.log.gz", "hurence-week51.log.gz"];
const DATA = process.env["SPILLWAY_DATA"] ?? join(import.meta.dirname, "..", "..", "..", "shared", "data");
/** With fewer in an hour there is nothing to tell. */
const MIN_REQUESTS = 30;

/** Judges real logs hour by hour; a string where they are not at hand. */
export async function judgeQuietLogs(): Promise<readonly QuietLog[] | string> {
  const paths = LOGS.map((name) => join(DATA, "logs", name)).filter((path) => existsSync(path));
  if (paths.length === 0) return `no real logs at ${DATA}; set SPILLWAY_DATA`;
  const judged: QuietLog[] = [];
  for (const path of paths) judged.push(await judgeLog(path));
  return judged;
}

async function judgeLog(path: string): Promise<QuietLog> {
  const reader = createLogReader({ source: createFileSource([path]), format: "auto", spillDir: tmpdir() });
  const slice = await reader.read({ window: null, ...INVESTIGATED });
  try {
    const { firstMs, lastMs } = slice.intake;
    const alarms: { atMs: number; kind: CauseKind; score: number }[] = [];
    let windows = 0;
    for (let startMs = firstMs ?? 0; startMs <= (lastMs ?? -1); startMs += HOUR_MS) {
      const { finding, breakdown } = await investigateSlice(slice, {
        service: "site",
        span: { startMs, endMs: startMs + HOUR_MS },
        baseline: null,
        metrics: [],
        limits: LIMITS,
      });
      if (finding === null || breakdown.baseline.requests + breakdown.spike.requests < MIN_REQUESTS) continue;
      windows++;
      const [{ kind, score }] = finding.causes;
      if (kind !== "no-anomaly") alarms.push({ atMs: startMs, kind, score });
    }
    return { name: path.replace(/.*\//, ""), windows, alarms };
  } finally {
    await slice.close();
  }
}
