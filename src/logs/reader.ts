import type { LogFormatName } from "../config.ts";
import type { TimeWindow } from "../domain/time-window.ts";
import { UserError } from "../errors.ts";
import type { LogReader, LogReadRequest, LogSlice } from "../ports.ts";
import { LogDatabase } from "./engines/duckdb/database.ts";
import { readIntoDatabase } from "./engines/duckdb/intake.ts";
import { createSlice } from "./engines/duckdb/slice.ts";
import { readFileHead } from "./file-head.ts";
import type { InspectedFile, SkippedFile } from "./inspected-file.ts";
import type { LocalFile, LogSource } from "./sources/source.ts";

/** Makes the reader of one service's logs: what the source brings, in any mix of formats, packed or not. */
export function createLogReader(options: { source: LogSource; format: LogFormatName; spillDir: string }): LogReader {
  const { source, format, spillDir } = options;
  return {
    description: source.description,
    async read(request: LogReadRequest): Promise<LogSlice> {
      const signal = request.signal ?? new AbortController().signal;
      const fetched = await source.fetch({ window: request.window, signal });
      const { files, skipped } = await inspect(fetched.files, format, signal);
      const early = [...fetched.skipped, ...skipped];
      if (files.length === 0) throw noneReadable(source.description, early);
      return readSlice({ ...request, signal, files, skipped: early, spillDir, description: source.description });
    },
  };
}

async function readSlice(
  read: LogReadRequest & {
    window: TimeWindow | null;
    signal: AbortSignal;
    files: readonly InspectedFile[];
    skipped: readonly SkippedFile[];
    spillDir: string;
    description: string;
  },
): Promise<LogSlice> {
  const database = await LogDatabase.open(read.spillDir);
  const interrupt = () => database.interrupt();
  read.signal.addEventListener("abort", interrupt);
  try {
    const intake = await readIntoDatabase(database, read);
    read.signal.throwIfAborted();
    if (intake.parsed + intake.recovered === 0) throw noneReadable(read.description, intake.skipped);
    return createSlice(database, intake);
  } catch (error) {
    await database.close();
    read.signal.throwIfAborted();
    throw error;
  } finally {
    read.signal.removeEventListener("abort", interrupt);
  }
}

/** Files are looked at so many at a time. */
const INSPECTED_AT_ONCE = 16;

async function inspect(
  files: readonly LocalFile[],
  format: LogFormatName,
  signal: AbortSignal,
): Promise<{ files: readonly InspectedFile[]; skipped: readonly SkippedFile[] }> {
  const inspected: InspectedFile[] = [];
  const skipped: SkippedFile[] = [];
  for (let start = 0; start < files.length; start += INSPECTED_AT_ONCE) {
    signal.throwIfAborted();
    const some = files.slice(start, start + INSPECTED_AT_ONCE);
    const heads = await Promise.all(some.map((file) => readFileHead(file, format === "auto" ? null : format)));
    some.forEach((file, index) => {
      const head = heads[index];
      if (head?.kind === "log") inspected.push({ ...file, ...head, id: inspected.length });
      else if (head) skipped.push({ file: file.name, reason: head.reason });
    });
  }
  return { files: inspected, skipped };
}

const REASONS_SHOWN = 5;

function noneReadable(description: string, skipped: readonly SkippedFile[]): UserError {
  const reasons = skipped.slice(0, REASONS_SHOWN).map(({ file, reason }) => `${file} ${reason}`);
  const more = skipped.length > REASONS_SHOWN ? `, and ${skipped.length - REASONS_SHOWN} more` : "";
  return new UserError(
    "logs-none-readable",
    skipped.length === 0
      ? `No log was found in ${description}.`
      : `No log could be read: ${reasons.join("; ")}${more}.`,
  );
}
