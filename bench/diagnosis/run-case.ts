import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LIMITS } from "../../src/cli/analyze-slice.ts";
import type { Finding } from "../../src/domain/finding.ts";
import { INVESTIGATED } from "../../src/investigated.ts";
import { investigateSlice } from "../../src/investigation.ts";
import { createLogReader } from "../../src/logs/reader.ts";
import { createFileSource } from "../../src/logs/sources/files.ts";
import { createIncident, type Incident } from "../../src/sandbox/incidents/create-incident.ts";

/** What the product says of one incident. */
export interface CaseRun {
  readonly seed: number;
  readonly incident: Incident;
  /** Null where no request could be read, which is a mistake of ours. */
  readonly finding: Finding | null;
  readonly readMs: number;
  readonly analyseMs: number;
}

/** Writes an incident as a file, reads it as `spillway analyze` does, and asks for a verdict. */
export async function runCase(options: {
  readonly seed: number;
  readonly incident: Omit<Parameters<typeof createIncident>[0], "seed">;
  /** Where the log and what is true of it are written; they stay there if `isKept`. */
  readonly folder: string;
  readonly isKept: boolean;
}): Promise<CaseRun> {
  const { seed, folder, isKept } = options;
  const incident = createIncident({ ...options.incident, seed });
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `${seed}.log`);
  writeFileSync(path, `${incident.format.header}${incident.lines.join("\n")}\n`);
  try {
    const began = performance.now();
    const reader = createLogReader({
      source: createFileSource([path]),
      format: incident.format.setting,
      spillDir: tmpdir(),
    });
    const slice = await reader.read({ window: null, ...INVESTIGATED });
    const read = performance.now();
    try {
      const { finding } = await investigateSlice(slice, {
        service: incident.serviceName,
        span: null,
        baseline: null,
        metrics: [],
        limits: LIMITS,
      });
      const done = performance.now();
      if (isKept) writeTruth(folder, seed, incident, finding);
      return { seed, incident, finding, readMs: read - began, analyseMs: done - read };
    } finally {
      await slice.close();
    }
  } finally {
    if (!isKept) rmSync(path);
  }
}

function writeTruth(folder: string, seed: number, { truth, format, window }: Incident, finding: Finding | null): void {
  const text = JSON.stringify({ format: format.setting, window, causes: truth.causes, finding }, null, 2);
  writeFileSync(join(folder, `${seed}.json`), `${text}\n`);
}
