import { HOUR_MS, SECOND_MS } from "../../../domain/time-window.ts";
import { readCloudFrontName } from "./cloudfront.ts";
import { asFolder, type KeyReading, KNOWN_OTHER, type Layout, LONG_REQUEST_MS, STRANGER } from "./layout.ts";
import { listFolders } from "./path.ts";
import { readPathPattern } from "./path-pattern.ts";

/**
 * Standard logs (v2) of a CloudFront distribution, in folders as one has set them up. Files are named as ever, after
 * the hour of the request; folders may be named after the hour of delivery.
 *
 * @source https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html
 */
export function cloudFrontV2Layout(place: {
  readonly prefix: string;
  readonly accountId: string;
  readonly distribution: string;
  /** Below the prefix. */
  readonly path: string;
  readonly maxDelaySecs: number;
}): Layout {
  const { accountId, distribution } = place;
  const own = { accountId, DistributionId: distribution };
  const pattern = readPathPattern(asFolder(place.prefix) + place.path, own);
  const slackMs = place.maxDelaySecs * SECOND_MS + LONG_REQUEST_MS;
  // The folder may be shared by distributions: the id begins the name. Folders of minutes come before it.
  const nameStart = pattern.folderMs < HOUR_MS ? "" : `${distribution}.`;

  function read(key: string): KeyReading {
    const at = pattern.read(key);
    if (at === null) return STRANGER;
    if (at.rest.endsWith("/")) return KNOWN_OTHER;
    return readCloudFrontName(at.rest.slice(at.rest.lastIndexOf("/") + 1), distribution);
  }

  return {
    title: `CloudFront logs of ${distribution}`,
    fileKind: "a CloudFront standard log",
    folder: pattern.fixedStart,
    hints: {
      comes: "some minutes to an hour late",
      whose: "`logs.distribution`",
      where: "bucket, prefix, accountId, path",
    },
    usualDelayMs: HOUR_MS,
    isPrunedByTimeOfWriting: false,
    listings: (window) => listFolders(pattern, window, slackMs, nameStart),
    read,
    spans: null,
  };
}
