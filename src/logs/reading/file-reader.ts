/** Reads one log file from its first byte to its last: what it is, and what its lines say. */
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import type { KnownFormatName } from "../../domain/log-formats.ts";
import { FileLines, type LineCounts, type LineSink } from "./file-lines.ts";
import { MAGIC_BYTES, packingOf } from "./packing.ts";
import { readSmallFile, type SmallFile } from "./small-file.ts";
import type { FilePart } from "./split-file.ts";
import { unpack } from "./unpack.ts";

/** A file, or a part of one, that is to be read. */
export interface FileTask {
  readonly path: string;
  /** What people call it. */
  readonly name: string;
  /** Which bytes of a plain file: whole lines. Null for all. */
  readonly part: FilePart | null;
  /** Reads it even if it tells of something else than requests. */
  readonly takesAnything: boolean;
}

/** What became of a file. */
export type FileResult =
  | {
      readonly kind: "read";
      readonly format: KnownFormatName;
      /** How the format was told, for people. */
      readonly because: string;
      readonly counts: LineCounts;
      /** Why it could be read no further, for people; null where all of it was. */
      readonly damage: string | null;
    }
  | { readonly kind: "skipped"; readonly reason: string }
  /** It tells of connections or health checks, and is to be read only where there is nothing better. */
  | { readonly kind: "set-aside"; readonly format: KnownFormatName; readonly title: string }
  /** Rows and columns, which are read in another way. */
  | { readonly kind: "parquet" };

export interface FileReading extends LineSink {
  /**
   * Asked after every few of a file's bytes, unpacked. Reading waits for a promise, since somebody has too much to do
   * already; false ends it, with the lines that are whole so far.
   */
  ready(bytes: number): Promise<void> | false | null;
  readonly signal: AbortSignal;
}

/** Reads files one after another. */
export async function readLogFiles(tasks: readonly FileTask[], reading: FileReading): Promise<readonly FileResult[]> {
  const results: FileResult[] = [];
  for (const task of tasks) results.push(await readLogFile(task, reading));
  return results;
}

/**
 * Reads a file. What is wrong with it is told, not thrown.
 * @throws the signal's reason when it is aborted
 */
export async function readLogFile(task: FileTask, reading: FileReading): Promise<FileResult> {
  reading.signal.throwIfAborted();
  const small = task.part === null ? readSmallFile(task.path) : null;
  if (small !== null) return readSmall(small, task, reading);
  let handle: FileHandle;
  try {
    // A pipe would be waited for, perhaps for ever.
    handle = await open(task.path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    return skipped(`cannot be opened (${codeOf(error)})`);
  }
  try {
    return await readOpened(handle, task, reading);
  } catch (error) {
    reading.signal.throwIfAborted();
    if (codeOf(error) === null) throw error;
    return skipped(`cannot be read (${codeOf(error)})`);
  } finally {
    await handle.close();
  }
}

async function readSmall({ bytes, isGzip }: SmallFile, task: FileTask, reading: FileReading): Promise<FileResult> {
  const lines = new FileLines({ ...reading, takesAnything: task.takesAnything, isGzip });
  const goesOn = bytes.length === 0 || !lines.take(bytes) || (reading.ready(bytes.length) ?? undefined);
  await goesOn;
  return lines.end(null, goesOn !== false);
}

async function readOpened(handle: FileHandle, task: FileTask, reading: FileReading): Promise<FileResult> {
  const stats = await handle.stat();
  if (!stats.isFile()) return skipped("is no regular file");
  if (stats.size === 0) return skipped("is empty");
  if (task.part !== null && task.part.fileNumber !== stats.ino) return skipped("was replaced while it was read");
  const head = await readHead(handle, task.part === null ? MAGIC_BYTES : PART_HEAD_BYTES);
  const packing = packingOf(head);
  if (packing === "Parquet") return { kind: "parquet" };
  if (packing !== "plain" && packing !== "gzip") {
    return skipped(`is packed with ${packing}, which is not read here: unpack it, or pack it with gzip`);
  }
  const isGzip = packing === "gzip";
  const lines = new FileLines({ ...reading, takesAnything: task.takesAnything, isGzip });
  if (task.part !== null) lines.tell(head, task.part.start === 0);
  let isWhole = true;
  const damage = await unpack({
    handle,
    isGzip,
    ...(task.part ?? { start: 0, end: stats.size }),
    signal: reading.signal,
    take: (chunk) => {
      const goesOn = lines.take(chunk) && (reading.ready(chunk.length) ?? undefined);
      isWhole &&= goesOn !== false;
      return goesOn;
    },
  });
  return lines.end(damage, isWhole);
}

/** Of a file that is read in parts, what each part looks at to tell the format. */
const PART_HEAD_BYTES = 64 * 1024;

async function readHead(handle: FileHandle, bytes: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, 0);
  return buffer.subarray(0, bytesRead);
}

function skipped(reason: string): FileResult {
  return { kind: "skipped", reason };
}

/** The system's name for what went wrong; null for what is no error of the system. */
function codeOf(error: unknown): string | null {
  const { code, syscall } = error as NodeJS.ErrnoException;
  return syscall === undefined ? null : (code ?? null);
}
