import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { LogKind } from "./log-lines.ts";
import { createRandom } from "./random.ts";

const HOUR_MS = 3_600_000;
const START_MS = Date.UTC(2026, 9, 1, 12);

/** Writes an hour's lines into gzip files of one folder, as they would be delivered, and gives their paths. */
export function writeLogFiles(
  folder: string,
  { kind, lines, files, seed }: { kind: LogKind; lines: number; files: number; seed: number },
): readonly string[] {
  mkdirSync(folder, { recursive: true });
  const random = createRandom(seed);
  const line = kind.createLine(random);
  return Array.from({ length: files }, (_, file) => {
    const from = Math.floor((lines * file) / files);
    const to = Math.floor((lines * (file + 1)) / files);
    const text = Array.from({ length: to - from }, (_, index) =>
      line(START_MS + ((from + index) / lines) * HOUR_MS, random),
    );
    const path = join(folder, `${seed}-${String(file).padStart(2, "0")}.log.gz`);
    writeFileSync(path, gzipSync(`${kind.header}${text.join("\n")}\n`));
    return path;
  });
}
