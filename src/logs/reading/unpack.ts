/** The bytes of a log file, unpacked, as they come, up to where it is damaged. */
import type { FileHandle } from "node:fs/promises";
import { createGunzip, type Gunzip } from "node:zlib";

export interface UnpackRequest {
  /** Of a file that is open, so that it stays the one that was looked at, whatever takes its name meanwhile. */
  readonly handle: FileHandle;
  readonly isGzip: boolean;
  /** Of what is on disk: the first byte, and the one behind the last. */
  readonly start: number;
  readonly end: number;
  /** Takes a chunk, whose memory is used again afterwards. A promise makes the reading wait, `false` ends it. */
  take(chunk: Buffer): Promise<void> | false | undefined;
  readonly signal: AbortSignal;
}

/**
 * Reads a file to its end. Gives why it could be read no further, for people; null where all of it was.
 *
 * What a damaged gzip file still holds before the damage is given in full.
 * @throws the signal's reason when it is aborted, and what `take` throws
 */
export function unpack(request: UnpackRequest): Promise<string | null> {
  return request.isGzip ? readGzip(request) : readPlain(request);
}

type Failure = NodeJS.ErrnoException;

const PLAIN_PIECE_BYTES = 1024 * 1024;
/** Packed. */
const PIECE_BYTES = 64 * 1024;
const SMALL_PIECE_BYTES = 64;
/** More than nearly any piece unpacks to. */
const UNPACKED_BYTES = 4 * 1024 * 1024;

async function readPlain(request: UnpackRequest): Promise<string | null> {
  let bytes = 0;
  for await (const piece of piecesOf(request, PLAIN_PIECE_BYTES)) {
    if (!Buffer.isBuffer(piece)) return cannotBeRead(piece);
    bytes += piece.length;
    const taken = request.take(piece);
    if (taken === false) return null;
    await taken;
  }
  return bytes < request.end - request.start ? "became shorter while it was read" : null;
}

async function readGzip(request: UnpackRequest): Promise<string | null> {
  const { signal, take } = request;
  let given = 0;
  const first = await gunzipPieces({
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
  await gunzipPieces(
    {
      ...request,
      take(chunk) {
        const again = Math.min(known, chunk.length);
        known -= again;
        return again === chunk.length ? undefined : take(chunk.subarray(again));
      },
    },
    first.pieceStart,
  );
  signal.throwIfAborted();
  return "gzip is damaged";
}

interface GzipEnd {
  readonly error: Failure | null;
  /** Where the piece begins in which it ended. */
  readonly pieceStart: number;
}

/**
 * Writes a file into gunzip piece by piece, the next one when all that came of the one before was taken, so that
 * nothing waits in a buffer that an error would throw away.
 *
 * @param smallFrom from the piece on that holds this byte, pieces are small
 */
async function gunzipPieces(request: UnpackRequest, smallFrom = Number.POSITIVE_INFINITY): Promise<GzipEnd> {
  const { signal, take } = request;
  const gunzip = createGunzip({ chunkSize: UNPACKED_BYTES });
  // What has happened, as the handlers see it.
  const now = { waiting: undefined as Promise<void> | undefined, isDone: false, error: null as Failure | null };
  let thrown: { readonly error: unknown } | null = null;
  gunzip.on("data", (chunk: Buffer) => {
    if (now.isDone) return;
    try {
      const taken = take(chunk);
      if (taken === false) now.isDone = true;
      else now.waiting = taken ?? now.waiting;
      reuseMemory(gunzip);
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
  let pieceStart = request.start;
  try {
    for await (const piece of piecesOf(request, PIECE_BYTES)) {
      if (!Buffer.isBuffer(piece)) return { error: piece, pieceStart };
      for (const part of pieceStart + piece.length <= smallFrom ? [piece] : partsOf(piece)) {
        await Promise.race([written(gunzip, part), closed]);
        await now.waiting;
        now.waiting = undefined;
        if (now.isDone) break;
      }
      if (now.isDone) break;
      pieceStart += piece.length;
    }
    if (!now.isDone) {
      gunzip.end();
      await closed;
      await now.waiting;
    }
    signal.throwIfAborted();
  } finally {
    gunzip.destroy();
  }
  if (thrown !== null) throw (thrown as { readonly error: unknown }).error;
  return { error: now.error, pieceStart };
}

/**
 * Lets gunzip write to the start of its buffer again, since what stood there was taken. Left alone it takes fresh
 * memory for every chunk, which cost a fifth of the time; a version of Node that has no such field just does that.
 */
function reuseMemory(gunzip: Gunzip): void {
  const own = gunzip as unknown as { _outOffset?: number };
  if (typeof own._outOffset === "number") own._outOffset = 0;
}

/** Gives pieces of a file in memory that is used again for each; what went wrong comes last, where something did. */
async function* piecesOf(
  { handle, start, end, signal }: UnpackRequest,
  pieceBytes: number,
): AsyncGenerator<Buffer | Failure> {
  const memory = Buffer.allocUnsafe(Math.max(1, Math.min(pieceBytes, end - start)));
  for (let at = start; at < end; ) {
    signal.throwIfAborted();
    let bytesRead: number;
    try {
      ({ bytesRead } = await handle.read(memory, 0, Math.min(memory.length, end - at), at));
    } catch (error) {
      yield error as Failure;
      return;
    }
    if (bytesRead === 0) return;
    at += bytesRead;
    yield memory.subarray(0, bytesRead);
  }
}

function* partsOf(piece: Buffer): Generator<Buffer> {
  for (let at = 0; at < piece.length; at += SMALL_PIECE_BYTES) yield piece.subarray(at, at + SMALL_PIECE_BYTES);
}

/** Resolves when a piece was unpacked; never where it could not be. */
function written(gunzip: Gunzip, piece: Buffer): Promise<void> {
  return new Promise((resolve) => {
    gunzip.write(piece, () => resolve());
  });
}

function cannotBeRead({ code, message }: Failure): string {
  return `cannot be read to its end (${code ?? message})`;
}
