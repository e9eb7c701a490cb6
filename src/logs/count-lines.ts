import { createReadStream } from "node:fs";
import { Writable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";

const LF = 0x0a;

/**
 * Counts the physical lines of a whole file by its newlines alone; a last line without one counts.
 *
 * @throws the signal's reason when it is aborted, and what reading or unpacking throws
 */
export async function countLines(
  { path, isGzip }: { readonly path: string; readonly isGzip: boolean },
  signal: AbortSignal,
): Promise<number> {
  let newlines = 0;
  let last = LF;
  const counter = new Writable({
    write(chunk: Buffer, _encoding, done) {
      for (let at = chunk.indexOf(LF); at !== -1; at = chunk.indexOf(LF, at + 1)) newlines += 1;
      last = chunk.at(-1) ?? last;
      done();
    },
  });
  const source = createReadStream(path, { highWaterMark: 1024 ** 2 });
  await (isGzip ? pipeline(source, createGunzip(), counter, { signal }) : pipeline(source, counter, { signal }));
  return newlines + (last === LF ? 0 : 1);
}
