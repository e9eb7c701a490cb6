/** The bytes of a log file, unpacked, as they come, up to where it is damaged. */
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";

export interface UnpackRequest {
  readonly path: string;
  readonly isGzip: boolean;
  /** Of what is on disk: the first byte, and the one behind the last. */
  readonly start: number;
  readonly end: number;
  /** Takes a chunk. A promise makes the reading wait, `false` ends it. */
  take(chunk: Buffer): Promise<void> | false | undefined;
  readonly signal: AbortSignal;
}

/**
 * Reads a file to its end. Gives why it could be read no further, for people; null where all of it was.
 *
 * What a damaged gzip file still holds before the damage is given in full.
 * @throws the signal's reason when it is aborted, and what `take` throws
 */
export async function unpack(request: UnpackRequest): Promise<string | null> {
  const { signal, take } = request;
  if (!request.isGzip) return readPlain(request);
  let given = 0;
  const first = await readGzip({
    ...request,
    take(chunk) {
      given += chunk.length;
      return take(chunk);
    },
  });
  signal.throwIfAborted();
  if (first.error === null) return null;
  if (first.error.code === "Z_BUF_ERROR") return "gzip ends early";
  if (first.error.code?.startsWith("Z_") !== true) return cannotBeRead(first.error);
  // With the piece that holds the damage, unpacked bytes before it are lost: again, in pieces that hold little.
  let known = given;
  await readGzip(
    {
      ...request,
      take(chunk) {
        const again = Math.min(known, chunk.length);
        known -= again;
        return again === chunk.length ? undefined : take(chunk.subarray(again));
      },
    },
    { from: first.pieceStart, bytes: SMALL_PIECE_BYTES },
  );
  signal.throwIfAborted();
  return "gzip is damaged";
}

const PIECE_BYTES = 128 * 1024;
const SMALL_PIECE_BYTES = 64;
const UNPACKED_CHUNK_BYTES = 1024 * 1024;
const PLAIN_CHUNK_BYTES = 1024 * 1024;

async function readPlain({ path, start, end, take, signal }: UnpackRequest): Promise<string | null> {
  if (end <= start) return null;
  let bytes = 0;
  let failure: Failure | null = null;
  const source = createReadStream(path, { start, end: end - 1, highWaterMark: PLAIN_CHUNK_BYTES, signal });
  source.once("error", (error) => {
    failure = error;
  });
  try {
    for await (const chunk of source) {
      bytes += chunk.length;
      const taken = take(chunk);
      if (taken === false) return null;
      await taken;
    }
  } catch (error) {
    signal.throwIfAborted();
    if (failure !== error) throw error;
    return cannotBeRead(error);
  }
  return bytes < end - start ? "became shorter while it was read" : null;
}

type Failure = NodeJS.ErrnoException;

interface GzipEnd {
  readonly error: Failure | null;
  /** Where the piece begins in which it ended. */
  readonly pieceStart: number;
}

/**
 * Writes a file into gunzip piece by piece, the next one when all that came of the one before was taken, so that
 * nothing waits in a buffer that an error would throw away.
 *
 * @param smaller from the piece on that holds this byte, pieces are to be so small
 */
async function readGzip(
  { path, start, end, signal, take }: UnpackRequest,
  smaller?: { readonly from: number; readonly bytes: number },
): Promise<GzipEnd> {
  const gunzip = createGunzip({ chunkSize: UNPACKED_CHUNK_BYTES });
  // What has happened, as the handlers see it.
  const now = { waiting: undefined as Promise<void> | undefined, isDone: false, error: null as Failure | null };
  let thrown: { readonly error: unknown } | null = null;
  gunzip.on("data", (chunk: Buffer) => {
    if (now.isDone) return;
    try {
      const taken = take(chunk);
      if (taken === false) now.isDone = true;
      else now.waiting = taken ?? now.waiting;
    } catch (error) {
      thrown = { error };
      now.isDone = true;
    }
  });
  gunzip.on("error", (error) => {
    now.error ??= error;
    now.isDone = true;
  });
  const closed = new Promise<void>((resolve) => {
    gunzip.once("close", resolve);
  });
  let pieceStart = start;
  try {
    const source = createReadStream(path, { start, end: Math.max(start, end - 1), highWaterMark: PIECE_BYTES, signal });
    for await (const piece of source) {
      for (const part of partsOf(piece as Buffer, pieceStart, smaller)) {
        await Promise.race([written(gunzip, part), closed]);
        await now.waiting;
        now.waiting = undefined;
        if (now.isDone) break;
      }
      if (now.isDone) break;
      pieceStart += (piece as Buffer).length;
    }
    if (!now.isDone) {
      gunzip.end();
      await closed;
      await now.waiting;
    }
  } catch (error) {
    signal.throwIfAborted();
    now.error ??= error as Failure;
  } finally {
    gunzip.destroy();
  }
  if (thrown !== null) throw (thrown as { readonly error: unknown }).error;
  return { error: now.error, pieceStart };
}

function* partsOf(
  piece: Buffer,
  pieceStart: number,
  smaller: { readonly from: number; readonly bytes: number } | undefined,
): Generator<Buffer> {
  if (smaller === undefined || pieceStart + piece.length <= smaller.from) {
    yield piece;
    return;
  }
  for (let at = 0; at < piece.length; at += smaller.bytes) yield piece.subarray(at, at + smaller.bytes);
}

/** Resolves when a piece was unpacked; never where it could not be. */
function written(gunzip: NodeJS.WritableStream, piece: Buffer): Promise<void> {
  return new Promise((resolve) => {
    gunzip.write(piece, () => resolve());
  });
}

function cannotBeRead(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  return `cannot be read to its end (${code ?? message})`;
}
