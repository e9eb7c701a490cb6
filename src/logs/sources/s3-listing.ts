import { ListObjectsV2Command, type ListObjectsV2CommandOutput, type S3Client } from "@aws-sdk/client-s3";
import { callAws } from "../../aws.ts";
import type { TimeWindow } from "../../domain/time-window.ts";
import { type KeyListing, type KeyReading, type Layout, mayHold } from "./layouts/layout.ts";
import { orAborted } from "./or-aborted.ts";
import { nameOf, type S3Object } from "./s3-object.ts";
import type { S3Requests } from "./s3-requests.ts";

export interface Listing {
  readonly client: S3Client;
  readonly bucket: string;
  readonly requests: S3Requests;
  readonly signal: AbortSignal;
}

export type FoundObject = S3Object & Pick<Extract<KeyReading, { belongs: true }>, "endMs" | "node">;

export interface FoundPage {
  /** Objects that can hold requests of the window, oldest first. */
  readonly objects: readonly FoundObject[];
  /** Names of objects that are none of this log. */
  readonly strangers: readonly string[];
}

/** A window of a day may be as many folders of hours. */
const LISTED_AT_ONCE = 4;

/** Lists what can hold a window's requests, and tells of each page as it comes. */
export async function listObjects(
  listing: Listing,
  { layout, window, onPage }: { layout: Layout; window: TimeWindow; onPage: (page: FoundPage) => void },
): Promise<void> {
  const ranges = layout.listings(window).values();
  const lane = async () => {
    for (const range of ranges) {
      for await (const page of pagesOf(listing, range)) onPage(sort(page, layout, window));
    }
  };
  await Promise.all(Array.from({ length: LISTED_AT_ONCE }, lane));
}

/** Tells whether anything lies where this log should; where not, bucket or prefix or the like are wrong. */
export async function hasAnyObject(listing: Listing, layout: Layout): Promise<boolean> {
  const { KeyCount = 0 } = await listPage(listing, { Prefix: layout.folder, MaxKeys: 1 });
  return KeyCount > 0;
}

async function* pagesOf(listing: Listing, range: KeyListing): AsyncGenerator<readonly S3Object[]> {
  let continuation: string | undefined;
  do {
    const page = await listPage(listing, {
      Prefix: range.prefix,
      ...(range.startAfter !== null && { StartAfter: range.startAfter }),
      ...(continuation !== undefined && { ContinuationToken: continuation }),
    });
    const objects = (page.Contents ?? []).map(
      ({ Key: key = "", ETag: etag = "", Size: bytes = 0, LastModified: written }) => ({
        bucket: listing.bucket,
        key,
        etag,
        bytes,
        writtenMs: written?.getTime() ?? null,
      }),
    );
    const within = objects.filter(({ key }) => range.endBefore === null || key < range.endBefore);
    yield within;
    continuation = page.IsTruncated && within.length === objects.length ? page.NextContinuationToken : undefined;
  } while (continuation !== undefined);
}

function sort(page: readonly S3Object[], layout: Layout, window: TimeWindow): FoundPage {
  const objects: FoundObject[] = [];
  const strangers: string[] = [];
  for (const object of page) {
    const reading = layout.read(object.key);
    if (!reading.belongs) {
      if (reading.isStranger) strangers.push(nameOf(object));
      continue;
    }
    const isTooOld = layout.isPrunedByTimeOfWriting && (object.writtenMs ?? window.startMs) < window.startMs;
    if (mayHold(window, reading.span) && !isTooOld) {
      objects.push({ ...object, endMs: reading.endMs, node: reading.node });
    }
  }
  return { objects, strangers };
}

async function listPage(
  { client, bucket, requests, signal }: Listing,
  input: {
    readonly Prefix: string;
    readonly StartAfter?: string;
    readonly MaxKeys?: number;
    readonly ContinuationToken?: string;
  },
): Promise<ListObjectsV2CommandOutput> {
  signal.throwIfAborted();
  requests.spend("list");
  const call = { doing: `list s3://${bucket}/${input.Prefix}`, permission: `s3:ListBucket on ${bucket}` };
  const command = new ListObjectsV2Command({ Bucket: bucket, ...input });
  const page = await callAws(call, () => orAborted(client.send(command, { abortSignal: signal }), signal));
  requests.addTries("list", page);
  return page;
}
