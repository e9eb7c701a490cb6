import { paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import { callAws } from "../../../aws.ts";
import type { TimeWindow } from "../../../domain/time-window.ts";
import { boundsOf, isWithin } from "./key-bounds.ts";
import type { AthenaPlace } from "./place.ts";
import { dayFolders } from "./relation.ts";

export interface ObjectBytes {
  /** Of the service's own objects that can hold the window's requests: what would be fetched. */
  readonly logBytes: number;
  /**
   * Of what a query reads at most: where there are folders of days, all that lie in the window's, those of others too.
   * That an object is spared by its path as well is not counted on there; where there are no such folders, it has to be.
   */
  readonly scannedBytes: number;
}

/** Adds up the objects of a window. Lists a thousand a call. */
export async function objectBytes(
  client: S3Client,
  place: AthenaPlace,
  window: TimeWindow,
  signal?: AbortSignal,
): Promise<ObjectBytes> {
  const { bucket, folder } = partsOf(place.location);
  const bounds = place.keys?.(window).map(boundsOf) ?? null;
  let logBytes = 0;
  let scannedBytes = 0;
  for (const listing of listingsOf(place, window, folder)) {
    const doing = `list s3://${bucket}/${listing.prefix}`;
    await callAws({ doing, permission: `s3:ListBucket on ${bucket}` }, async () => {
      const input = { Bucket: bucket, Prefix: listing.prefix, StartAfter: listing.startAfter ?? undefined };
      for await (const { Contents: objects = [] } of paginateListObjectsV2({ client }, input, {
        ...(signal && { abortSignal: signal }),
      })) {
        signal?.throwIfAborted();
        for (const { Key: key = "", Size: size = 0 } of objects) {
          // Keys come in order.
          if (listing.endBefore !== null && key >= listing.endBefore) return;
          scannedBytes += size;
          if (bounds === null || bounds.some((each) => isWithin(key, each))) logBytes += size;
        }
      }
    });
  }
  return { logBytes, scannedBytes };
}

function listingsOf(place: AthenaPlace, window: TimeWindow, folder: string) {
  const everything = (prefix: string) => ({ prefix, startAfter: null, endBefore: null });
  if (place.isByDay) return dayFolders(window, place).map((day) => everything(`${folder}${day}/`));
  return place.keys?.(window) ?? [everything(folder)];
}

function partsOf(location: string): { readonly bucket: string; readonly folder: string } {
  const [, bucket = "", folder = ""] = /^s3:\/\/([^/]+)\/(.*)$/.exec(location) ?? [];
  return { bucket, folder };
}
