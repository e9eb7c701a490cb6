import { caddy } from "./caddy.ts";
import { cloudfrontJson } from "./cloudfront.ts";
import { albConnectionVended, albHealthCheckVended, albVended, nlbVended } from "./elb-vended-formats.ts";
import { envoyJson } from "./envoy-json.ts";
import type { ObjectFormat } from "./format.ts";
import { s3AccessJson } from "./s3-access-json.ts";
import { traefikJson } from "./traefik-json.ts";
import { waf } from "./waf.ts";

/** The formats whose records are objects: lines of JSON or rows of Parquet. No two recognise the same names. */
export const OBJECT_FORMATS: readonly ObjectFormat[] = [
  albVended,
  albConnectionVended,
  albHealthCheckVended,
  nlbVended,
  cloudfrontJson,
  s3AccessJson,
  waf,
  caddy,
  traefikJson,
  envoyJson,
];
