import { alb } from "./alb.ts";
import { albConnection } from "./alb-connection.ts";
import { albHealthCheck } from "./alb-health-check.ts";
import { apacheCombined, apacheCommon, apacheVhostCombined } from "./apache.ts";
import { clb } from "./clb.ts";
import type { LogFormat } from "./format.ts";
import { ingressNginx, nginxCombined, nginxCombinedXff, nginxTiming } from "./nginx.ts";
import { nlb } from "./nlb.ts";
import { s3Access } from "./s3-access.ts";

/** The formats whose lines are text by position, as their servers lay them out. */
export const TEXT_FORMATS: readonly LogFormat[] = [
  alb,
  albConnection,
  albHealthCheck,
  clb,
  nlb,
  s3Access,
  nginxTiming,
  ingressNginx,
  nginxCombinedXff,
  nginxCombined,
  apacheVhostCombined,
  apacheCombined,
  apacheCommon,
];
