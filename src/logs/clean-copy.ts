/** Makes a damaged file readable: what can be unpacked, as UTF-8, one line a line. */
import { createReadStream, createWriteStream } from "node:fs";
import { Transform, Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";

/** Below what the log engine takes for one line; servers cut theirs far earlier. */
const MAX_LINE_BYTES = 1_000_000;

/** What the log engine takes for the end of a field, since no server writes it; in a clean copy it does not occur. */
export const NEVER_IN_LOGS = "\u0001";

export interface CleanCopy {
  /** Bytes written. */
  readonly bytes: number;
  /** Why the file could be read no further, for people; null where all of it was. */
  readonly damage: string | null;
}

/**
 * Copies a log file to `to`, unpacked up to where it is damaged, with every line of the original in its place.
 *
 * Bytes that are no UTF-8 become U+FFFD, control characters that would part a line or field become blanks, and of
 * a line longer than any request its first million bytes are kept.
 * @throws the signal's reason when it is aborted, and the error of a full disk
 */
export async function writeCleanCopy(copy: {
  from: string;
  to: string;
  isGzip: boolean;
  signal: AbortSignal;
}): Promise<CleanCopy> {
  const cleaner = createCleaner();
  const target = createWriteStream(copy.to);
  let damage: string | null = null;
  // The packed side may fail at any byte; what came through until then is kept.
  const feed = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (cleaner.stream.write(chunk)) done();
      else cleaner.stream.once("drain", done);
    },
  });
  const written = pipeline(cleaner.stream, target, { signal: copy.signal });
  // Awaited below; a failure before that must not count as unhandled.
  written.catch(() => {});
  try {
    const source = createReadStream(copy.from);
    await (copy.isGzip
      ? pipeline(source, createGunzip(), feed, { signal: copy.signal })
      : pipeline(source, feed, { signal: copy.signal }));
  } catch (error) {
    if (copy.signal.aborted) throw error;
    damage = describeDamage(error as NodeJS.ErrnoException);
  }
  cleaner.stream.end();
  await written;
  return { bytes: cleaner.bytesOut(), damage };
}

function describeDamage(error: NodeJS.ErrnoException): string {
  if (error.code === "Z_BUF_ERROR") return "gzip ends early";
  return error.code?.startsWith("Z_")
    ? "gzip is damaged"
    : `cannot be read to its end (${error.code ?? error.message})`;
}

function createCleaner(): { stream: Transform; bytesOut: () => number } {
  let bytes = 0;
  let pending: Buffer[] = [];
  let pendingBytes = 0;
  let isFirst = true;

  function hold(piece: Buffer): void {
    const room = MAX_LINE_BYTES - pendingBytes;
    if (room > 0) pending.push(Buffer.from(piece.subarray(0, room)));
    pendingBytes += piece.length;
  }

  function takeLine(): Buffer {
    const text = Buffer.concat(pending)
      .toString("utf8")
      .replace(/\r$/, "")
      .replaceAll("\r", " ")
      .replaceAll(NEVER_IN_LOGS, " ");
    const line = isFirst ? text.replace(/^\ufeff/, "") : text;
    isFirst = false;
    pending = [];
    pendingBytes = 0;
    const out = Buffer.from(`${line}\n`);
    bytes += out.length;
    return out;
  }

  const stream = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const lines: Buffer[] = [];
      let start = 0;
      for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, start)) {
        hold(chunk.subarray(start, end));
        lines.push(takeLine());
        start = end + 1;
      }
      if (start < chunk.length) hold(chunk.subarray(start));
      done(null, lines.length === 0 ? undefined : Buffer.concat(lines));
    },
    flush(done) {
      done(null, pendingBytes === 0 ? undefined : takeLine());
    },
  });
  return { stream, bytesOut: () => bytes };
}
