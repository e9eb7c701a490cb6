import { S3Client } from "@aws-sdk/client-s3";
import { awsClientOptions } from "../../aws.ts";
import type { AwsSettings } from "../../config/aws-settings.ts";
import type { TimeWindow } from "../../domain/time-window.ts";
import type { UserError } from "../../errors.ts";
import type { Log } from "../../log.ts";
import { layoutOf, type S3LogsConfig } from "./layouts/registry.ts";
import { createS3Cache } from "./s3-cache.ts";
import { type Feed, fetchFromS3 } from "./s3-fetch.ts";
import { hasAnyObject, type Listing, listObjects } from "./s3-listing.ts";
import { notFound, noWindow, tooMuch } from "./s3-refusals.ts";
import { createS3Requests, type S3Requests } from "./s3-requests.ts";
import { S3Tally } from "./s3-tally.ts";
import type { Fetching, FetchRequest, LocalFile, LogSource } from "./source.ts";

/** Makes a source of the access logs that AWS, or a shipper of one's own, leaves in S3. */
export function createS3Source(options: {
  readonly config: S3LogsConfig;
  readonly aws: AwsSettings;
  /** Made where it is missing. */
  readonly cacheDir: string;
  readonly log: Log;
  /** Epoch ms. */
  readonly now?: () => number;
}): LogSource {
  const { config, log, now = Date.now } = options;
  const { bucket } = config;
  const aws = { ...options.aws, region: config.bucketRegion ?? config.region };
  // Stand-ins for AWS have no host name for each bucket.
  const client = new S3Client({ ...awsClientOptions(aws), forcePathStyle: aws.endpoint !== undefined });
  const cache = createS3Cache({ dir: options.cacheDir, maxBytes: config.cacheMaxBytes });
  const layout = layoutOf(config);
  const place = `s3://${bucket}/${layout.folder}`;

  async function list(listing: Listing, feed: Feed, { window, tally }: Asked): Promise<void> {
    await listObjects(listing, {
      layout,
      window,
      onPage: (page) => {
        const objects = tally.addPage(page, layout.fileKind);
        if (tooMuch(tally, config, window) === null) feed.add(objects);
        // Listing goes on for the sake of the message, which says how much it would be.
        else feed.stop();
      },
    });
    tally.endListing(now());
    const refusal = tooMuch(tally, config, window);
    if (refusal !== null) throw refusal;
    if (tally.objectsFound > 0) return;
    throw notFound({ layout, place, window, isAnyThere: await hasAnyObject(listing, layout) });
  }

  async function* bring(asked: Asked, { signal, onFetched }: Omit<FetchRequest, "window">): AsyncGenerator<LocalFile> {
    const { window, tally, requests } = asked;
    const listing = { client, bucket, requests };
    yield* fetchFromS3({
      listing,
      cache,
      tally,
      signal,
      onFetched,
      list: (withSignal, feed) => list(withSignal, feed, asked),
    });
    log.info({ window, ...tally.progress, requests: requests.spent }, "log objects fetched");
  }

  return {
    description: `${layout.title} in ${place}`,
    fetch({ window, ...request }) {
      const tally = new S3Tally();
      const requests = createS3Requests(config.maxRequests);
      if (window === null) return refused(noWindow(place));
      return {
        files: bring({ window, tally, requests }, request),
        report: () => tally.report({ layout, window, requests }),
      };
    },
  };
}

/** One question, and what is counted for it. */
interface Asked {
  readonly window: TimeWindow;
  readonly tally: S3Tally;
  readonly requests: S3Requests;
}

function refused(error: UserError): Fetching {
  return {
    // biome-ignore lint/correctness/useYield: it is iterated as any other, and fails at once
    files: (async function* () {
      throw error;
    })(),
    report: () => ({ skipped: [], coverage: null }),
  };
}
