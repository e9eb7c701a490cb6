import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { TimeWindow } from "../../../domain/time-window.ts";
import type { Intake } from "../../../domain/traffic.ts";
import type { ReadProgress } from "../../../ports.ts";
import { writeCleanCopy } from "../../clean-copy.ts";
import { countLines } from "../../count-lines.ts";
import type { InspectedFile, SkippedFile } from "../../inspected-file.ts";
import type { LogDatabase } from "./database.ts";
import { readLeftovers } from "./leftovers.ts";
import { type LoadProgress, loadFiles } from "./load.ts";
import { createRawTable, LINE_STATES } from "./raw-table.ts";
import { createRequestTable } from "./request-table.ts";
import { summarise } from "./summary.ts";

export interface IntakeRequest {
  readonly files: readonly InspectedFile[];
  /** Already known to give nothing. */
  readonly skipped: readonly SkippedFile[];
  readonly window: TimeWindow | null;
  readonly onProgress?: (progress: ReadProgress) => void;
  readonly signal: AbortSignal;
}

/**
 * Reads files into the database's request table, and accounts for every line.
 *
 * The lines' lengths must add up to what the file says it holds. Where they do not (a gzip file that is cut or joined,
 * bytes that are no UTF-8, a line of megabytes) the file is read again from a clean copy, whose lines must add up too.
 */
export async function readIntoDatabase(database: LogDatabase, request: IntakeRequest): Promise<Intake> {
  const { files, window, signal } = request;
  await createRawTable(database);
  const tidy = files.filter((file) => !READ_AS_PATTERN.test(file.path));
  const failed = await loadFiles({
    database,
    files: tidy,
    window,
    signal,
    onProgress: (progress) => request.onProgress?.(withTotals(progress, files)),
  });
  const loaded = await lineSums(database);
  const doubtful = await filesWithLeftovers(database);
  const damages: SkippedFile[] = [];
  let lines = loaded;
  for (const file of files) {
    const sum = loaded.get(file.id) ?? { lines: 0, lineBytes: 0 };
    const addedUp = !failed.has(file.id) && tidy.includes(file) && addsUp(sum, file.newlineBytes, file.plainBytes);
    if (addedUp && (!doubtful.has(file.id) || sum.lines === (await countLines(file, signal)))) continue;
    signal.throwIfAborted();
    const damage = await readFromCleanCopy(database, file, request);
    if (damage !== null) damages.push({ file: file.name, reason: damage });
    lines = await lineSums(database);
  }
  await readLeftovers(database, (id) => (files[id] as InspectedFile).format, window);
  const intake = await summarise(database, {
    files,
    skipped: [...request.skipped, ...damages],
    lines: new Map([...lines].map(([id, sum]) => [id, sum.lines])),
  });
  await createRequestTable(database);
  return intake;
}

/** DuckDB takes these characters in a path for a pattern, and has no way to escape them. */
const READ_AS_PATTERN = /[*?[\]]/;

function withTotals(progress: LoadProgress, files: readonly InspectedFile[]): ReadProgress {
  return { ...progress, filesTotal: files.length, bytesTotal: files.reduce((sum, file) => sum + file.bytes, 0) };
}

interface LineSum {
  readonly lines: number;
  /** Without newlines. */
  readonly lineBytes: number;
}

async function lineSums(database: LogDatabase): Promise<ReadonlyMap<number, LineSum>> {
  const [ids = [], lines = [], lineBytes = []] = await database.columns(
    "SELECT file, count(*)::DOUBLE, sum(line_bytes)::DOUBLE FROM raw GROUP BY file",
  );
  return new Map(
    ids.map((id, index) => [Number(id), { lines: Number(lines[index]), lineBytes: Number(lineBytes[index]) }]),
  );
}

/** At some odd lines the engine parts one in two at a CR, and the lengths still add up; the parts are no clean lines. */
async function filesWithLeftovers(database: LogDatabase): Promise<ReadonlySet<number>> {
  const [ids = []] = await database.columns(`SELECT DISTINCT file FROM raw WHERE state = ${LINE_STATES.leftover}`);
  return new Set(ids.map(Number));
}

/** The last line may end without a newline. A line that went missing is longer than that, so it shows. */
function addsUp({ lines, lineBytes }: LineSum, newlineBytes: number, plainBytes: number): boolean {
  const ended = lineBytes + lines * newlineBytes;
  return [ended, ended - newlineBytes].some((bytes) => bytes >= 0 && bytes % 2 ** 32 === plainBytes % 2 ** 32);
}

/** Gives why the file could not be read to its end; null where it could. */
async function readFromCleanCopy(
  database: LogDatabase,
  file: InspectedFile,
  { window, signal }: IntakeRequest,
): Promise<string | null> {
  await database.run(`DELETE FROM raw WHERE file = ${file.id}`);
  const path = join(database.folder, `copy-${file.id}.log`);
  try {
    const copy = await writeCleanCopy({ from: file.path, to: path, isGzip: file.isGzip, signal });
    await loadFiles({
      database,
      files: [{ ...file, path, isGzip: false, bytes: copy.bytes, newlineBytes: 1 }],
      window,
      signal,
      onProgress: () => {},
    });
    const sum = (await lineSums(database)).get(file.id) ?? { lines: 0, lineBytes: 0 };
    if (!addsUp(sum, 1, copy.bytes)) {
      throw new Error(
        `${file.name}: ${sum.lines} lines of ${sum.lineBytes} bytes do not add up to ${copy.bytes} bytes`,
      );
    }
    return copy.damage === null ? null : `${copy.damage}; the ${sum.lines} lines before that are read`;
  } finally {
    await rm(path, { force: true });
  }
}
