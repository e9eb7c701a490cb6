import { stringify } from "yaml";
import type { ServiceName } from "../stories/story.ts";
import {
  CHALLENGED_IPV4_SET,
  CHALLENGED_IPV6_SET,
  IPV4_SET,
  IPV6_SET,
  LIMITED_IPV4_SET,
  LIMITED_IPV6_SET,
  LOAD_BALANCER,
  OWN_NETWORK,
  RATE_LIMIT,
  REGION,
  SCALING_GROUP,
  TARGET_GROUP,
  WEB_ACL,
} from "./estate.ts";
import { BOOT_MS } from "./fleet.ts";
import { type LogFormats, logFormats } from "./log-formats.ts";

/** Gives the `spillway.yaml` of the simulated site, as its owners would have written it. */
export function siteConfigYaml(
  logPaths: Readonly<Record<ServiceName, string>>,
  formats: LogFormats = logFormats(),
): string {
  return stringify(
    {
      services: {
        web: {
          description: "www.courier.example: the newspaper, behind a load balancer",
          logs: { kind: "files", paths: [logPaths.web], format: formats.web.setting },
          metrics: {
            kind: "cloudwatch",
            region: REGION,
            loadBalancer: LOAD_BALANCER,
            targetGroup: TARGET_GROUP,
            autoScalingGroup: SCALING_GROUP.name,
            webAcl: WEB_ACL.name,
          },
          firewall: {
            kind: "wafv2",
            scope: "REGIONAL",
            region: REGION,
            ipv4Set: IPV4_SET,
            ipv6Set: IPV6_SET,
            rateLimit: { ipv4Set: LIMITED_IPV4_SET, ipv6Set: LIMITED_IPV6_SET, ...RATE_LIMIT },
            challenge: { ipv4Set: CHALLENGED_IPV4_SET, ipv6Set: CHALLENGED_IPV6_SET },
          },
          scaling: {
            kind: "auto-scaling-group",
            region: REGION,
            name: SCALING_GROUP.name,
            maxInstances: SCALING_GROUP.max,
            bootSecs: `${BOOT_MS / 1_000}s`,
          },
          neverBlock: [OWN_NETWORK],
          prices: { instanceHourUsd: 0.0832, source: "t3.large, eu-west-1, on demand" },
        },
        forum: {
          description: "forum.courier.example: where readers talk, nginx on one host",
          logs: { kind: "files", paths: [logPaths.forum], format: formats.forum.setting },
          neverBlock: [OWN_NETWORK],
        },
      },
      // Nothing here takes minutes, as it does in a real account.
      spike: { defaultWindowSecs: "30m", baselineSecs: "2h" },
      check: { everySecs: "10s", rounds: 6 },
    },
    { lineWidth: 0 },
  );
}
