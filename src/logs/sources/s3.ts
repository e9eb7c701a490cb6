import { S3Client } from "@aws-sdk/client-s3";
import { awsClientOptions } from "../../aws.ts";
import type { AwsSettings, ServiceConfig } from "../../config.ts";
import type { TimeWindow } from "../../domain/time-window.ts";
import { formatUtcWindow } from "../../domain/utc.ts";
import { UpstreamError, UserError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import { accountFolder } from "./alb-keys.ts";
import { createS3Cache } from "./s3-cache.ts";
import { downloadObject } from "./s3-download.ts";
import { hasAnyLog, listAlbLogs } from "./s3-listing.ts";
import { nameOf, type S3Object } from "./s3-object.ts";
import type { LocalFile, LogSource } from "./source.ts";

const CONCURRENT_DOWNLOADS = 8;
const CACHE_MAX_BYTES = 20 * 1024 ** 3;

/** Makes a source of the access logs that an Application Load Balancer leaves in S3. */
export function createS3Source(options: {
  readonly config: Extract<NonNullable<ServiceConfig["logs"]>, { kind: "s3" }>;
  readonly aws: AwsSettings;
  /** Made where it is missing; kept within 20 GiB. */
  readonly cacheDir: string;
  readonly log: Log;
}): LogSource {
  const { config, log } = options;
  const { bucket } = config;
  const aws = { ...options.aws, region: config.region };
  // Stand-ins for AWS have no host name for each bucket.
  const client = new S3Client({ ...awsClientOptions(aws), forcePathStyle: aws.endpoint !== undefined });
  const cache = createS3Cache({ dir: options.cacheDir, maxBytes: CACHE_MAX_BYTES });
  const folder = `s3://${bucket}/${accountFolder(config)}`;

  function notFound(window: TimeWindow, isAnyThere: boolean): UserError {
    const why = isAnyThere
      ? "Either it had no request then, or the files are not there yet (they come 5 to 10 minutes late), or `logs.loadBalancer` in spillway.yaml names another one."
      : "That folder is empty: check `logs` in spillway.yaml (bucket, prefix, accountId, region), and that access logs are switched on for the load balancer.";
    const what = `No access log of ${config.loadBalancer} for ${formatUtcWindow(window)} in ${folder}.`;
    return new UserError("logs-not-found", `${what} ${why}`);
  }

  function refuseTooBig(window: TimeWindow, objects: readonly S3Object[]): void {
    const bytes = totalBytes(objects);
    if (bytes <= config.maxBytes) return;
    throw new UserError(
      "logs-too-big",
      `The logs of ${formatUtcWindow(window)} are ${objects.length} objects of ${formatBytes(bytes)} together, over the limit of ${formatBytes(config.maxBytes)}. Ask for a shorter window, or raise \`logs.maxBytes\` in spillway.yaml.`,
    );
  }

  return {
    description: `ALB logs of ${config.loadBalancer} in ${folder}`,

    async fetch({ window, onFetched, signal }) {
      if (window === null) {
        throw new UserError(
          "logs-window-missing",
          `All logs in ${folder} may be years; say which part to read, such as the last 30m.`,
        );
      }
      const listing = { client, bucket, signal };
      const { objects, strangers } = await listAlbLogs(listing, config, window);
      if (objects.length === 0) throw notFound(window, await hasAnyLog(listing, config));
      refuseTooBig(window, objects);

      const bytesTotal = totalBytes(objects);
      let bytes = 0;
      const onBytes = (more: number) => {
        bytes += more;
        onFetched?.({ bytes, bytesTotal });
      };
      const files: LocalFile[] = [];
      const skipped = strangers.map((file) => ({ file, reason: "its name is not that of an ALB access log" }));
      let failed = 0;
      await eachConcurrently(objects, CONCURRENT_DOWNLOADS, async (object) => {
        try {
          files.push(await downloadObject(object, { client, cache, onBytes, signal }));
        } catch (error) {
          signal?.throwIfAborted();
          failed += 1;
          // Where nothing at all comes through, it is S3 and not the object.
          const isS3 = error instanceof UpstreamError && files.length === 0;
          if (isS3 && failed >= Math.min(objects.length, CONCURRENT_DOWNLOADS)) throw error;
          skipped.push({ file: nameOf(object), reason: (error as Error).message });
        }
      });
      await cache.trim();
      log.info({ files: files.length, failed, bytes }, "log objects fetched");
      // They arrived in any order; by name is by time.
      return { files: sortBy(files, ({ name }) => name), skipped: sortBy(skipped, ({ file }) => file) };
    },
  };
}

/** Works on so many items at a time. The first failure stops it once what is under way has ended. */
async function eachConcurrently<Item>(
  items: readonly Item[],
  atOnce: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const failures: unknown[] = [];
  const lane = async () => {
    for (const item of queue) {
      if (failures.length > 0) return;
      await work(item).catch((error) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  if (failures.length > 0) throw failures[0];
}

function sortBy<Item>(items: readonly Item[], of: (item: Item) => string): readonly Item[] {
  return [...items].sort((a, b) => (of(a) < of(b) ? -1 : 1));
}

function totalBytes(objects: readonly S3Object[]): number {
  return objects.reduce((total, object) => total + object.bytes, 0);
}

function formatBytes(bytes: number): string {
  return bytes < 1024 ** 3 ? `${(bytes / 1024 ** 2).toFixed(1)} MiB` : `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
}
