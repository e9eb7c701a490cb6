/** The bytes of a log file, unpacked, as they come, up to where it is damaged. */
import { readSync } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { setImmediate as nextTurn } from "node:timers/promises";
import { createGunzipper, UNPACKED_BYTES } from "./gunzipper.ts";

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
/** Packed: what comes of it is to fit into the processor's cache. */
const PIECE_BYTES = 64 * 1024;
const FIRST_PART_BYTES = 4 * 1024;
const SMALL_PIECE_BYTES = 1;
const PIECES_IN_A_ROW = 32;

async function readPlain(request: UnpackRequest): Promise<string | null> {
  let bytes = 0;
  for (const piece of piecesOf(request, PLAIN_PIECE_BYTES)) {
    if (!Buffer.isBuffer(piece)) return cannotBeRead(piece);
    bytes += piece.length;
    const taken = request.take(piece);
    if (taken === false) return null;
    await (taken ?? nextTurn());
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
 * Unpacks a file piece by piece, the next one when all that came of the one before was taken.
 *
 * @param smallFrom from the piece on that holds this byte, pieces are small
 */
async function gunzipPieces(request: UnpackRequest, smallFrom = Number.POSITIVE_INFINITY): Promise<GzipEnd> {
  const { take } = request;
  const gunzipper = createGunzipper();
  let pieceStart = request.start;
  let pieces = 0;
  let partBytes = FIRST_PART_BYTES;
  try {
    for (const piece of piecesOf(request, PIECE_BYTES)) {
      if (!Buffer.isBuffer(piece)) return { error: piece, pieceStart };
      for (let at = 0; at < piece.length; ) {
        const part = piece.subarray(at, at + (pieceStart + piece.length <= smallFrom ? partBytes : SMALL_PIECE_BYTES));
        at += part.length;
        const unpacked = await attempt(() => gunzipper.write(part));
        if (!Buffer.isBuffer(unpacked)) return { error: unpacked, pieceStart };
        partBytes = nextPartBytes(partBytes, unpacked.length);
        const taken = unpacked.length === 0 ? undefined : take(unpacked);
        if (taken === false) return { error: null, pieceStart };
        if (taken !== undefined) await taken;
      }
      pieceStart += piece.length;
      pieces += 1;
      // Others have their turn, too: who aborts, for one.
      if (pieces % PIECES_IN_A_ROW === 0) await nextTurn();
    }
    const error = await attempt(() => gunzipper.end());
    return { error: error ?? null, pieceStart };
  } finally {
    gunzipper.close();
  }
}

/** A byte may unpack to a thousand: so much is unpacked at once that it stays within what zlib has memory for. */
function nextPartBytes(partBytes: number, unpackedBytes: number): number {
  if (unpackedBytes > UNPACKED_BYTES / 2) return Math.max(FIRST_PART_BYTES / 4, partBytes / 4);
  return unpackedBytes < UNPACKED_BYTES / 8 ? Math.min(PIECE_BYTES, partBytes * 4) : partBytes;
}

/** Gives zlib's own errors, and throws all others. */
async function attempt<T>(work: () => T | Promise<T>): Promise<T | Failure> {
  try {
    return await work();
  } catch (error) {
    if ((error as Failure).code?.startsWith("Z_") !== true) throw error;
    return error as Failure;
  }
}

/**
 * Gives pieces of a file in memory that is used again for each; what went wrong comes last, where something did. Reads
 * in this thread, since to hand it to another one takes longer than to read what is mostly in memory.
 */
function* piecesOf({ handle, start, end, signal }: UnpackRequest, pieceBytes: number): Generator<Buffer | Failure> {
  const memory = Buffer.allocUnsafe(Math.max(1, Math.min(pieceBytes, end - start)));
  for (let at = start; at < end; ) {
    signal.throwIfAborted();
    let bytesRead: number;
    try {
      bytesRead = readSync(handle.fd, memory, 0, Math.min(memory.length, end - at), at);
    } catch (error) {
      yield error as Failure;
      return;
    }
    if (bytesRead === 0) return;
    at += bytesRead;
    yield memory.subarray(0, bytesRead);
  }
}

function cannotBeRead({ code, message }: Failure): string {
  return `cannot be read to its end (${code ?? message})`;
}
