import { AthenaClient } from "@aws-sdk/client-athena";
import { S3Client } from "@aws-sdk/client-s3";
import { awsClientOptions } from "../../../aws.ts";
import type { AwsSettings } from "../../../config/aws-settings.ts";
import type { ServiceConfig } from "../../../config/service.ts";
import { UserError } from "../../../errors.ts";
import type { Log } from "../../../log.ts";
import type { LogReader } from "../../../ports/log-reader.ts";
import { objectBytes } from "./object-bytes.ts";
import type { AthenaPlace } from "./place.ts";
import { createAthenaSlice } from "./slice.ts";

export type AthenaConfig = NonNullable<Extract<NonNullable<ServiceConfig["logs"]>, { kind: "s3" }>["athena"]>;

/**
 * Reads a service's logs in S3: where a window's objects are more than `overBytes` together by Athena, where they lie,
 * and else by the reader that fetches them.
 */
export function createReaderBySize(options: {
  /** The service's name in `spillway.yaml`. */
  readonly service: string;
  readonly fetching: LogReader;
  readonly place: AthenaPlace;
  readonly config: AthenaConfig;
  readonly aws: AwsSettings;
  readonly log: Log;
}): LogReader {
  const { service, fetching, place, config, aws, log } = options;
  const s3 = new S3Client({ ...awsClientOptions(aws), forcePathStyle: aws.endpoint !== undefined });
  const client = new AthenaClient(awsClientOptions(aws));
  const { database, workgroup, outputLocation = null, overBytes, maxUsd, pricePerTb } = config;
  return {
    description: fetching.description,
    async read(request) {
      const { window, signal, onEstimate } = request;
      if (window === null) {
        throw new UserError(
          "logs-window-missing",
          `All logs in ${place.location} may be years; say which part to read, such as the last 30m.`,
        );
      }
      const { logBytes, scannedBytes } = await objectBytes(s3, place, window, signal);
      if (logBytes <= overBytes) return fetching.read(request);
      log.info({ service, logBytes, scannedBytes }, "log is asked about in athena");
      return createAthenaSlice({
        service,
        place,
        window,
        logBytes,
        bytes: scannedBytes,
        athena: { client, database, workgroup, outputLocation },
        pricePerTb,
        maxUsd,
        log,
        ...(onEstimate && { onEstimate }),
        ...(signal && { signal }),
      });
    },
  };
}
