import { paginateListObjectsV2, type S3Client } from "@aws-sdk/client-s3";
import { callAws } from "../../../aws.ts";
import type { TimeWindow } from "../../../domain/time-window.ts";
import type { AthenaPlace } from "./place.ts";
import { dayFolders } from "./relation.ts";

/**
 * Adds up the objects that a query about a window reads: all that lie in its days' folders, those of others too, since
 * Athena opens an object before it looks whose it is. Lists a thousand objects a call.
 */
export async function scannedBytes(
  client: S3Client,
  place: AthenaPlace,
  window: TimeWindow,
  signal?: AbortSignal,
): Promise<number> {
  const { Bucket, Prefix } = partsOf(place.location);
  const folders = place.isByDay ? dayFolders(window, place.lateMs).map((day) => `${Prefix}${day}/`) : [Prefix];
  let bytes = 0;
  for (const folder of folders) {
    await callAws({ doing: `list s3://${Bucket}/${folder}`, permission: `s3:ListBucket on ${Bucket}` }, async () => {
      const pages = paginateListObjectsV2({ client }, { Bucket, Prefix: folder }, signal && { abortSignal: signal });
      for await (const { Contents: objects = [] } of pages) {
        signal?.throwIfAborted();
        for (const { Size: size = 0 } of objects) bytes += size;
      }
    });
  }
  return bytes;
}

function partsOf(location: string): { readonly Bucket: string; readonly Prefix: string } {
  const [, bucket = "", prefix = ""] = /^s3:\/\/([^/]+)\/(.*)$/.exec(location) ?? [];
  return { Bucket: bucket, Prefix: prefix };
}
