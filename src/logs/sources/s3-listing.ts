import { ListObjectsV2Command, type ListObjectsV2CommandOutput, type S3Client } from "@aws-sdk/client-s3";
import { callAws } from "../../aws.ts";
import type { TimeWindow } from "../../domain/time-window.ts";
import { type AlbLogPlace, accountFolder, albFileEnd, type KeyRange, keyRanges, mayHold } from "./alb-keys.ts";
import { nameOf, type S3Object } from "./s3-object.ts";

interface Listing {
  readonly client: S3Client;
  readonly bucket: string;
  readonly signal: AbortSignal | undefined;
}

interface AlbLogs {
  /** Oldest folder first, and oldest file first within it. */
  readonly objects: readonly S3Object[];
  /** Objects among them whose names are none of an ALB log. */
  readonly strangers: readonly string[];
}

/** Lists the access logs of a balancer that can hold a window's requests. */
export async function listAlbLogs(listing: Listing, place: AlbLogPlace, window: TimeWindow): Promise<AlbLogs> {
  const lists = await Promise.all(keyRanges(place, window).map((range) => listRange(listing, range, window)));
  return {
    objects: lists.flatMap(({ objects }) => objects),
    strangers: lists.flatMap(({ strangers }) => strangers),
  };
}

/** Tells whether the account's folder holds anything; where not, bucket, prefix or account are wrong. */
export async function hasAnyLog(listing: Listing, place: AlbLogPlace): Promise<boolean> {
  const { KeyCount = 0 } = await listPage(listing, { Prefix: accountFolder(place), MaxKeys: 1 });
  return KeyCount > 0;
}

async function listRange(listing: Listing, range: KeyRange, window: TimeWindow): Promise<AlbLogs> {
  const objects: S3Object[] = [];
  const strangers: string[] = [];
  let continuation: string | undefined;
  do {
    const page = await listPage(listing, {
      Prefix: range.prefix,
      StartAfter: range.startAfter,
      ...(continuation !== undefined && { ContinuationToken: continuation }),
    });
    for (const { Key: key = "", ETag: etag = "", Size: bytes = 0 } of page.Contents ?? []) {
      const object = { bucket: listing.bucket, key, etag, bytes };
      const endMs = albFileEnd(key);
      if (endMs === null) strangers.push(nameOf(object));
      else if (mayHold(window, endMs)) objects.push(object);
      // Keys are in the order of their times: what follows is later still.
      else if (endMs > window.endMs) return { objects, strangers };
    }
    continuation = page.IsTruncated ? page.NextContinuationToken : undefined;
  } while (continuation !== undefined);
  return { objects, strangers };
}

function listPage(
  { client, bucket, signal }: Listing,
  input: {
    readonly Prefix: string;
    readonly StartAfter?: string;
    readonly MaxKeys?: number;
    readonly ContinuationToken?: string;
  },
): Promise<ListObjectsV2CommandOutput> {
  return callAws({ doing: `list s3://${bucket}/${input.Prefix}`, permission: `s3:ListBucket on ${bucket}` }, () =>
    client.send(new ListObjectsV2Command({ Bucket: bucket, ...input }), { ...(signal && { abortSignal: signal }) }),
  );
}
