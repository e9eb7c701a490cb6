import { sqlText } from "../../questions/dialect.ts";
import type { AthenaFormat } from "./line-formats.ts";

/** Where one service's objects lie, and which of the objects there are its own. */
export interface AthenaPlace {
  readonly format: AthenaFormat;
  /** `s3://bucket/prefix/`, with the slash. */
  readonly location: string;
  /** Whether below it are folders by day, `2026/10/01/`. */
  readonly isByDay: boolean;
  /** A condition on `"$path"`; null where all objects are the service's. */
  readonly paths: string | null;
  /** How much later than a request its object may be put into a day's folder. */
  readonly lateMs: number;
}

/** What of the S3 logs in `spillway.yaml` tells where an Application Load Balancer's objects lie. */
export interface AlbPlace {
  readonly bucket: string;
  readonly prefix: string;
  readonly accountId: string;
  readonly region: string;
  readonly loadBalancer: string;
}

const HOUR_MS = 3_600_000;

/** Gives the place of one load balancer's access logs; its connection logs and other balancers' lie in the same folders. */
export function albPlace({ bucket, prefix, accountId, region, loadBalancer }: AlbPlace): AthenaPlace {
  const before = prefix === "" ? "" : `${prefix.replace(/\/+$/, "")}/`;
  const name = `${accountId}_elasticloadbalancing_${region}_${loadBalancer.replaceAll("/", ".")}_`;
  return {
    format: "alb",
    location: `s3://${bucket}/${before}AWSLogs/${accountId}/elasticloadbalancing/${region}/`,
    isByDay: true,
    // Not by LIKE, in which an underscore is any character.
    paths: `strpos("$path", ${sqlText(`/${name}`)}) > 0`,
    lateMs: HOUR_MS,
  };
}
