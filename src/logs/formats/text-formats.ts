import { alb } from "./aws/alb.ts";
import { albConnection } from "./aws/alb-connection.ts";
import { albHealthCheck } from "./aws/alb-health-check.ts";
import { clb } from "./aws/clb.ts";
import { nlb } from "./aws/nlb.ts";
import { s3Access } from "./aws/s3-access.ts";
import type { LogFormat } from "./format.ts";
import { apacheCombined, apacheCommon, apacheVhostCombined } from "./servers/apache.ts";
import { ingressNginx, nginxCombined, nginxCombinedXff, nginxTiming } from "./servers/nginx.ts";

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
