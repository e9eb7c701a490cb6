import type { Readable } from "node:stream";
import { GetObjectCommand, type S3Client } from "@aws-sdk/client-s3";
import { translateAwsError } from "../../aws.ts";
import { UserError } from "../../errors.ts";
import { orAborted } from "./or-aborted.ts";
import type { S3Cache } from "./s3-cache.ts";
import { nameOf, type S3Object } from "./s3-object.ts";
import type { S3Requests } from "./s3-requests.ts";

/** A connection that breaks off in the middle of an object is not tried again by the SDK. */
const TRIES = 3;

export interface Download {
  readonly client: S3Client;
  readonly cache: S3Cache;
  readonly requests: S3Requests;
  /** Told what has arrived since the last call; negative where that was in vain. */
  readonly onBytes: (bytes: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Brings an object to this machine, from the cache where it is there.
 *
 * @throws {UpstreamError} where S3 did not give it; `Error` with the reason where it vanished, changed or broke off
 * @throws {UserError} `logs-too-big` where S3 may not be asked any more, `logs-cache-unwritable`
 */
export async function downloadObject(
  object: S3Object,
  download: Download,
): Promise<{ readonly path: string; readonly isFromCache: boolean }> {
  const { cache, onBytes, requests, signal } = download;
  const cached = await cache.find(object);
  if (cached !== null) {
    onBytes(object.bytes);
    return { path: cached, isFromCache: true };
  }
  for (let triesLeft = TRIES - 1; ; triesLeft -= 1) {
    signal.throwIfAborted();
    requests.spend("get");
    const attempt = await tryDownload(object, download);
    if (attempt.path !== null) return { path: attempt.path, isFromCache: false };
    signal.throwIfAborted();
    if (!attempt.isWorthRetrying || triesLeft === 0) throw translateFailure(attempt.error, object);
  }
}

type Attempt =
  | { readonly path: string }
  | { readonly path: null; readonly error: unknown; readonly isWorthRetrying: boolean };

async function tryDownload(object: S3Object, download: Download): Promise<Attempt> {
  const { client, cache, requests, onBytes, signal } = download;
  const command = new GetObjectCommand({ Bucket: object.bucket, Key: object.key, IfMatch: object.etag });
  // A body that breaks off before it is read has nobody else to hear it, and would end this process.
  const asked = client.send(command, { abortSignal: signal }).then((answer) => {
    (answer.Body as Readable | undefined)?.on("error", () => {});
    return answer;
  });
  let hasAnswer = false;
  let arrived = 0;
  try {
    const answer = await orAborted(asked, signal);
    hasAnswer = true;
    requests.addTries("get", answer);
    const count = (bytes: number) => {
      arrived += bytes;
      onBytes(bytes);
    };
    return { path: await cache.keep(object, answer.Body as Readable, { onBytes: count, signal }) };
  } catch (error) {
    // An answer that nobody waits for any more would hold its connection.
    if (!hasAnswer) asked.then(({ Body }) => (Body as Readable | undefined)?.destroy()).catch(() => {});
    if (!hasAnswer) requests.addTries("get", error as object);
    if (arrived > 0) onBytes(-arrived);
    if (error instanceof UserError) throw error;
    return { path: null, error, isWorthRetrying: hasAnswer };
  }
}

function translateFailure(error: unknown, object: S3Object): Error {
  switch ((error as Error).name) {
    case "NoSuchKey":
      return new Error("gone since it was listed", { cause: error });
    case "PreconditionFailed":
      return new Error("changed since it was listed", { cause: error });
    case "InvalidObjectState":
      return new Error("is in an archive of S3; restore it there first", { cause: error });
    default:
      return translateAwsError(error, { doing: `read ${nameOf(object)}`, permission: "s3:GetObject" });
  }
}
