import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import type { Intake } from "../../../src/domain/traffic.ts";
import { UserError } from "../../../src/errors.ts";
import { createLogReader } from "../../../src/logs/reader.ts";
import { createFileSource } from "../../../src/logs/sources/files.ts";
import type { RandomFile } from "./random-folder.ts";

/** For a folder of some 100 KB, on a busy machine. */
const LIMIT_MS = 20_000;

/** Reads a folder, and says what promise of the reader was broken; null where none was. */
export async function checkFolder(files: readonly RandomFile[]): Promise<string | null> {
  const root = mkdtempSync(join(tmpdir(), "spillway-fuzz-"));
  try {
    mkdirSync(join(root, "logs"));
    for (const { name, content } of files) writeFileSync(join(root, "logs", name), content);
    const mistake = await readAndCheck(root, files);
    return mistake ?? (readdirSync(join(root, "spill")).length > 0 ? "it left files behind" : null);
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function readAndCheck(root: string, files: readonly RandomFile[]): Promise<string | null> {
  const reader = createLogReader({
    source: createFileSource([join(root, "logs")]),
    format: "auto",
    spillDir: join(root, "spill"),
  });
  try {
    const slice = await reader.read({ window: null, signal: AbortSignal.timeout(LIMIT_MS) });
    try {
      const { requests } = await slice.series({ window: { startMs: 0, endMs: 5e12 }, stepMs: 5e12 });
      return mistakeIn(slice.intake, requests[0] ?? 0, files);
    } finally {
      await slice.close();
    }
  } catch (error) {
    // Nothing in the folder is a log, which is told.
    if (error instanceof UserError && error.code === "logs-none-readable") return null;
    throw error;
  }
}

function mistakeIn(intake: Intake, rows: number, files: readonly RandomFile[]): string | null {
  const { lines, parsed, headers, recovered, unparsed, skipped } = intake;
  if (lines !== parsed + recovered + unparsed) return `${lines} lines are not ${parsed} + ${recovered} + ${unparsed}`;
  if (rows !== parsed - headers + recovered) return `${rows} rows of ${parsed} - ${headers} + ${recovered} requests`;
  const unread = skipped
    .filter(({ reason }) => !/lines before that are read$/.test(reason))
    .map(({ file }) => basename(file));
  if (intake.files + unread.length !== files.length)
    return `${intake.files} files read, ${unread.length} named, of ${files.length}`;
  const used = files.filter(({ name }) => !unread.includes(name));
  if (used.some((file) => file.lines === null)) return null;
  const expected = used.reduce((sum, file) => sum + (file.lines ?? 0), 0);
  return lines === expected ? null : `${lines} lines counted of ${expected}`;
}
