/** The first look at a log file: how it is packed, and what it holds. */
import { type FileHandle, open } from "node:fs/promises";
import { constants, gunzipSync } from "node:zlib";
import { detectFormat, type KnownFormatName } from "./formats/index.ts";
import type { LocalFile } from "./sources/source.ts";

/** Enough for a hundred lines, packed or not, and little enough for thousands of files. */
const HEAD_BYTES = 32 * 1024;
const HEAD_PLAIN_BYTES = 128 * 1024;

/** A file that looks like a log. */
export interface FileHead {
  readonly kind: "log";
  readonly isGzip: boolean;
  readonly format: KnownFormatName;
  /** 2 where lines end in CR LF. */
  readonly newlineBytes: 1 | 2;
  /** How long the file says it is unpacked, modulo 2³²; a cut or joined gzip file says something else than is true. */
  readonly plainBytes: number;
}

/** A file that is not read, and why, for people. */
export interface NoLog {
  readonly kind: "no-log";
  readonly reason: string;
}

/** Looks at how a file begins; takes `format` for granted where it is given. */
export async function readFileHead(file: LocalFile, format: KnownFormatName | null): Promise<FileHead | NoLog> {
  let handle: FileHandle;
  try {
    handle = await open(file.path, "r");
  } catch (cause) {
    return noLog(`cannot be opened (${(cause as NodeJS.ErrnoException).code ?? String(cause)})`);
  }
  try {
    const { size } = await handle.stat();
    if (size === 0) return noLog("is empty");
    const head = await readAt(handle, 0, Math.min(HEAD_BYTES, size));
    const isGzip = head[0] === 0x1f && head[1] === 0x8b;
    const plain = isGzip ? unpackHead(head) : head;
    if (plain === null) return noLog("begins like gzip, but cannot be unpacked");
    if (plain.length === 0)
      return noLog(isGzip ? "is gzip with nothing in it, or cut before its first byte" : "is empty");
    const detected = format ?? detectFormat(linesOf(plain));
    if (detected === null) return noLog(looksBinary(plain) ? "is binary" : "no line at its start is of a known format");
    return {
      kind: "log",
      isGzip,
      format: detected,
      newlineBytes: plain[plain.indexOf(0x0a) - 1] === 0x0d ? 2 : 1,
      plainBytes: isGzip ? (await readAt(handle, Math.max(0, size - 4), 4)).readUInt32LE() : size,
    };
  } catch (cause) {
    return noLog(`cannot be read (${(cause as NodeJS.ErrnoException).code ?? String(cause)})`);
  } finally {
    await handle.close();
  }
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

function unpackHead(head: Buffer): Buffer | null {
  // Halve on failure: damage behind the first lines must not hide them.
  for (let length = head.length; length >= 18; length = Math.floor(length / 2)) {
    try {
      return gunzipSync(head.subarray(0, length), { finishFlush: constants.Z_SYNC_FLUSH }).subarray(
        0,
        HEAD_PLAIN_BYTES,
      );
    } catch {}
  }
  return null;
}

function linesOf(plain: Buffer): string[] {
  const lines = plain
    .toString("utf8")
    .split("\n")
    .map((line) => line.replace(/\r$/, ""));
  // What the head cuts in two is no line; a file of one line may have no newline.
  return lines.length > 1 ? lines.slice(0, -1) : lines;
}

function looksBinary(plain: Buffer): boolean {
  const sample = plain.subarray(0, 4_096);
  const controls = sample.filter((byte) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d).length;
  return sample.includes(0) || controls > sample.length / 20;
}

function noLog(reason: string): NoLog {
  return { kind: "no-log", reason };
}
