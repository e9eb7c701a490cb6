import { constants, createGunzip, type Gunzip } from "node:zlib";

/** Unpacks gzip piece by piece. Owns zlib's memory until it is closed. */
export interface Gunzipper {
  /**
   * Gives what a piece unpacks to, in memory that the next piece overwrites.
   * @throws zlib's error, by its `code`, where the piece is damaged
   */
  write(piece: Buffer): Buffer | Promise<Buffer>;
  /** @throws zlib's error `Z_BUF_ERROR` where more should have come */
  end(): void | Promise<void>;
  close(): void;
}

/** More than nearly any piece unpacks to. */
const UNPACKED_BYTES = 4 * 1024 ** 2;
const NOTHING = Buffer.alloc(0);

export function createGunzipper(): Gunzipper {
  const gunzip = createGunzip({ chunkSize: UNPACKED_BYTES });
  return hasInsides(gunzip) ? inThisThread(gunzip) : inOtherThreads(gunzip);
}

/** What Node keeps for itself, and has kept since its first versions; others unpack by it, too. */
interface GunzipInsides {
  readonly _handle: { close(): void };
  _processChunk(piece: Buffer, flush: number): Buffer;
}

function hasInsides(gunzip: Gunzip): gunzip is Gunzip & GunzipInsides {
  const insides = gunzip as unknown as Partial<GunzipInsides>;
  return typeof insides._processChunk === "function" && typeof insides._handle?.close === "function";
}

function ignore(): void {}

/**
 * Unpacks where the lines are read, so that they are still in the processor's cache, and nothing is handed to and fro
 * between threads: that took as long as the unpacking. Node has this for whole files only, and closes what it unpacked
 * with afterwards, so it must not while more pieces come.
 */
function inThisThread(gunzip: Gunzip & GunzipInsides): Gunzipper {
  const handle = gunzip._handle;
  const closeHandle = handle.close.bind(handle);
  handle.close = () => {};

  function process(piece: Buffer, flush: number): Buffer {
    try {
      return gunzip._processChunk(piece, flush);
    } finally {
      // Each call adds a listener for its own errors, and lets go of the handle. What it threw, it tells once more
      // later, and that would end the program if nobody listened.
      gunzip.removeAllListeners("error").on("error", ignore);
      Object.assign(gunzip, { _handle: handle });
    }
  }

  return {
    write: (piece) => process(piece, constants.Z_NO_FLUSH),
    end() {
      process(NOTHING, constants.Z_FINISH);
    },
    close: closeHandle,
  };
}

/** By what Node promises alone; slower, for a version of it whose insides are others. */
export function inOtherThreads(gunzip: Gunzip): Gunzipper {
  const chunks: Buffer[] = [];
  let failure: Error | null = null;
  gunzip.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
  });
  gunzip.on("error", (error) => {
    failure = error;
  });
  const closed = new Promise<void>((resolve) => {
    gunzip.once("close", resolve);
  });

  function taken(): Buffer {
    const all = Buffer.concat(chunks.splice(0));
    if (failure !== null && all.length === 0) throw failure;
    return all;
  }

  return {
    async write(piece) {
      // Where it fails it is closed, and what it was given is never called done.
      await Promise.race([new Promise<void>((resolve) => gunzip.write(piece, () => resolve())), closed]);
      return taken();
    },
    async end() {
      gunzip.end();
      await closed;
      if (failure !== null) throw failure;
    },
    close: () => gunzip.destroy(),
  };
}
