import { cloudfrontJson } from "./aws/cloudfront.ts";
import { albConnectionVended, albHealthCheckVended, albVended, nlbVended } from "./aws/elb-vended-formats.ts";
import { s3AccessJson } from "./aws/s3-access-json.ts";
import { waf } from "./aws/waf.ts";
import type { ObjectFormat } from "./format.ts";
import { caddy } from "./servers/caddy.ts";
import { envoyJson } from "./servers/envoy-json.ts";
import { traefikJson } from "./servers/traefik-json.ts";

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
