import type { Readable } from "node:stream";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { translateAwsError } from "../../aws.ts";
import type { S3Cache } from "./s3-cache.ts";
import { nameOf, type S3Object } from "./s3-object.ts";
import type { LocalFile } from "./source.ts";

/** A connection that breaks off in the middle of an object is not tried again by the SDK. */
const TRIES = 3;

export interface Download {
  readonly client: S3Client;
  readonly cache: S3Cache;
  /** Told what has arrived since the last call; negative where that was in vain. */
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal | undefined;
}

/**
 * Brings an object to this machine, from the cache where it is there.
 *
 * @throws {UpstreamError} where S3 did not give it; `Error` with the reason where it vanished, changed or broke off
 */
export async function downloadObject(object: S3Object, download: Download): Promise<LocalFile> {
  const { cache, onBytes } = download;
  const name = nameOf(object);
  const cached = await cache.find(object);
  if (cached !== null) {
    onBytes(object.bytes);
    return { path: cached, name, bytes: object.bytes };
  }
  for (let triesLeft = TRIES - 1; ; triesLeft -= 1) {
    const attempt = await tryDownload(object, download);
    if (attempt.path !== null) return { path: attempt.path, name, bytes: object.bytes };
    download.signal?.throwIfAborted();
    if (!attempt.isWorthRetrying || triesLeft === 0) throw translateFailure(attempt.error, object);
  }
}

type Attempt =
  | { readonly path: string }
  | { readonly path: null; readonly error: unknown; readonly isWorthRetrying: boolean };

async function tryDownload(object: S3Object, { client, cache, onBytes, signal }: Download): Promise<Attempt> {
  const aborted = signal && { abortSignal: signal };
  let hasAnswer = false;
  let arrived = 0;
  try {
    const command = new GetObjectCommand({ Bucket: object.bucket, Key: object.key, IfMatch: object.etag });
    const { Body } = await client.send(command, { ...aborted });
    hasAnswer = true;
    const count = (bytes: number) => {
      arrived += bytes;
      onBytes(bytes);
    };
    return { path: await cache.keep(object, Body as Readable, { onBytes: count, ...(signal && { signal }) }) };
  } catch (error) {
    onBytes(-arrived);
    return { path: null, error, isWorthRetrying: hasAnswer };
  }
}

function translateFailure(error: unknown, object: S3Object): Error {
  switch ((error as Error).name) {
    case "NoSuchKey":
      return new Error("gone since it was listed", { cause: error });
    case "PreconditionFailed":
      return new Error("changed since it was listed", { cause: error });
    default:
      return translateAwsError(error, { doing: `read ${nameOf(object)}`, permission: "s3:GetObject" });
  }
}
