/** Brings a window's objects: pages of the listing feed downloads, and each file is given out as soon as it is whole. */
import { setMaxListeners } from "node:events";
import { UserError } from "../../errors.ts";
import { Channel } from "./channel.ts";
import type { S3Cache } from "./s3-cache.ts";
import { downloadObject } from "./s3-download.ts";
import type { FoundObject, Listing } from "./s3-listing.ts";
import { nameOf } from "./s3-object.ts";
import type { S3Tally } from "./s3-tally.ts";
import type { FetchProgress, LocalFile } from "./source.ts";

/** @source https://docs.aws.amazon.com/AmazonS3/latest/userguide/optimizing-performance-design-patterns.html */
const DOWNLOADED_AT_ONCE = 8;
/** Files that are whole, or on their way, and that nobody has taken yet. */
const FILES_AHEAD = 2 * DOWNLOADED_AT_ONCE;

export interface S3Fetch {
  readonly listing: Omit<Listing, "signal">;
  readonly cache: S3Cache;
  readonly tally: S3Tally;
  readonly signal: AbortSignal;
  readonly onFetched: ((progress: FetchProgress) => void) | undefined;
  /**
   * Lists everything, and feeds it to the downloads as it comes.
   *
   * @throws where nothing was found, or what was may not be read
   */
  list(listing: Listing, feed: Feed): Promise<void>;
}

export interface Feed {
  add(objects: readonly FoundObject[]): void;
  /** Nothing more is to be downloaded, although listing may go on. */
  stop(): void;
}

/** What the parts of one fetch share. */
interface Run {
  readonly fetch: S3Fetch;
  readonly found: Channel<FoundObject>;
  readonly whole: Channel<LocalFile>;
  readonly signal: AbortSignal;
}

export async function* fetchFromS3(fetch: S3Fetch): AsyncGenerator<LocalFile> {
  fetch.signal.throwIfAborted();
  const own = new AbortController();
  const signal = AbortSignal.any([fetch.signal, own.signal]);
  const run = { fetch, signal, found: new Channel<FoundObject>(), whole: new Channel<LocalFile>(FILES_AHEAD) };
  // The SDK, the copying to disk and we ourselves listen for each download; ten is where Node suspects a leak.
  setMaxListeners(8 * DOWNLOADED_AT_ONCE, signal);
  signal.addEventListener("abort", () => closeAll(run), { once: true });
  // The first part that fails stops the others, and what it failed with is what all fail with.
  const stop = (error: unknown) => own.abort(error);
  const lanes = Array.from({ length: DOWNLOADED_AT_ONCE }, () => downloadSome(run).catch(stop));
  const downloads = Promise.all(lanes).then(() => run.whole.close());
  const work = Promise.all([listAll(run).catch(stop), downloads]);
  try {
    for (let file = await run.whole.take(); file !== undefined; file = await run.whole.take()) {
      yield file;
      run.whole.release();
    }
    await work;
    signal.throwIfAborted();
    fetch.tally.throwIfNothingCame();
  } finally {
    own.abort(new Error("nobody takes the files any more"));
    await work;
    await fetch.cache.trim();
  }
}

async function listAll({ fetch, signal, found }: Run): Promise<void> {
  await fetch.list(
    { ...fetch.listing, signal },
    {
      add(objects) {
        for (const object of objects) found.put(object);
      },
      stop: () => found.close({ dropped: true }),
    },
  );
  found.close();
  // Now the totals are known.
  fetch.onFetched?.(fetch.tally.progress);
}

/** Takes one object after the other, as long as there is room for its file. */
async function downloadSome(run: Run): Promise<void> {
  for (;;) {
    await run.whole.reserve();
    const object = await run.found.take();
    if (object === undefined || run.signal.aborted) return;
    const file = await download(object, run);
    if (file === null) run.whole.release();
    else run.whole.put(file);
  }
}

/** Gives null for an object that could not be had, which the tally then knows of. */
async function download(object: FoundObject, { fetch, signal }: Run): Promise<LocalFile | null> {
  const { tally, cache, listing, onFetched } = fetch;
  const onBytes = (bytes: number) => {
    tally.addBytes(bytes);
    onFetched?.(tally.progress);
  };
  try {
    const { client, requests } = listing;
    const { path, isFromCache } = await downloadObject(object, { client, requests, cache, onBytes, signal });
    tally.addFetched(object, isFromCache);
    return { path, name: nameOf(object), bytes: object.bytes };
  } catch (error) {
    signal.throwIfAborted();
    // No object's own failure: S3 may not be asked any more, or the disk is full.
    if (error instanceof UserError) throw error;
    tally.addFailed(object, error as Error);
    return null;
  }
}

function closeAll({ found, whole }: Run): void {
  found.close({ dropped: true });
  whole.close({ dropped: true });
}
