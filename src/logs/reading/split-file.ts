import { open } from "node:fs/promises";
import type { LocalFile } from "../sources/source.ts";

/** Which bytes of a file are to be read: whole lines. */
export interface FilePart {
  readonly start: number;
  readonly end: number;
  /** The system's number of the file, since another one may have its name by the time it is read. */
  readonly fileNumber: number;
}

/** Parts smaller than this are not worth the trouble. */
const PART_BYTES = 32 * 1024 ** 2;
const LOOK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;
const HASH = 0x23;

/**
 * Divides a large plain file into parts of whole lines, so that several threads can read it at once. Gives null for
 * what is one part: small or packed files, and such whose lines have no end.
 */
export async function splitFile({ path, bytes }: LocalFile): Promise<readonly FilePart[] | null> {
  if (bytes < 2 * PART_BYTES) return null;
  const handle = await open(path, "r").catch(() => null);
  // Why it cannot be opened is told by who reads it.
  if (handle === null) return null;
  try {
    const look = Buffer.alloc(LOOK_BYTES);
    await handle.read(look, 0, 2, 0);
    // What names its columns at its start may name them anew further on.
    if (isPacked(look) || look[0] === HASH) return null;
    const { size, ino: fileNumber } = await handle.stat();
    const parts: FilePart[] = [];
    let start = 0;
    for (let at = PART_BYTES; at < size - PART_BYTES; at += PART_BYTES) {
      const { bytesRead } = await handle.read(look, 0, LOOK_BYTES, at);
      const newline = look.subarray(0, bytesRead).indexOf(NEWLINE);
      if (newline === -1) continue;
      parts.push({ start, end: at + newline + 1, fileNumber });
      start = at + newline + 1;
    }
    parts.push({ start, end: size, fileNumber });
    return parts.length > 1 ? parts : null;
  } finally {
    await handle.close();
  }
}

/** Gzip, zstd, Parquet and others begin with bytes that no text begins with, or are told by the reader. */
function isPacked(head: Buffer): boolean {
  const first = head[0] ?? 0;
  return (
    first > 0x7e || (first < 0x20 && first !== 0x09 && first !== NEWLINE) || head.subarray(0, 2).toString() === "PA"
  );
}
