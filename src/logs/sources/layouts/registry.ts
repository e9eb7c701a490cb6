import type { ServiceConfig } from "../../../config/service.ts";
import { albLayout } from "./alb.ts";
import { clbLayout } from "./clb.ts";
import { cloudFrontLayout } from "./cloudfront.ts";
import { cloudFrontV2Layout } from "./cloudfront-v2.ts";
import type { Layout } from "./layout.ts";
import { nlbLayout } from "./nlb.ts";
import { pathLayout } from "./path.ts";
import { s3AccessLayout, s3AccessPartitionedLayout } from "./s3-access.ts";
import { wafLayout } from "./waf.ts";

export type S3LogsConfig = Extract<NonNullable<ServiceConfig["logs"]>, { kind: "s3" }>;

/** Makes the layout that `logs` in `spillway.yaml` names. */
export function layoutOf(config: S3LogsConfig): Layout {
  switch (config.layout) {
    case "alb":
      return albLayout(config);
    case "nlb":
      return nlbLayout(config);
    case "clb":
      return clbLayout(config);
    case "cloudfront":
      return cloudFrontLayout(config);
    case "cloudfront-v2":
      return cloudFrontV2Layout(config);
    case "s3-access":
      return s3AccessLayout(config);
    case "s3-access-partitioned":
      return s3AccessPartitionedLayout(config);
    case "waf":
      return wafLayout(config);
    case "path":
      return pathLayout(config);
  }
}
