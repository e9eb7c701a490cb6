import { isIPv6 } from "node:net";
import type { z } from "zod";
import { SECOND_MS } from "../../domain/time-window.ts";
import { IPV4_SET, IPV6_SET, WEB_ACL } from "../site/estate.ts";
import type { Exchange } from "../site/exchange.ts";
import type { RequestSamples } from "../site/request-samples.ts";
import type { AwsFault } from "./fault.ts";
import { ruleFor } from "./waf-resources.ts";
import type { GetSampledRequests } from "./wafv2-inputs.ts";

/** Makes `GetSampledRequests`: of each rule that blocks, and by the web ACL's own metric of what none of them met. */
export function createWafSamples(options: {
  readonly samples: RequestSamples;
  readonly webAclArn: string;
  readonly nonexistent: () => AwsFault;
}): (input: z.output<typeof GetSampledRequests>) => object {
  return ({ WebAclArn, RuleMetricName, TimeWindow, MaxItems }) => {
    if (WebAclArn !== options.webAclArn) throw options.nonexistent();
    const isOf = findRule(RuleMetricName);
    if (isOf === null) throw options.nonexistent();
    const [startMs, endMs] = [TimeWindow.StartTime * SECOND_MS, TimeWindow.EndTime * SECOND_MS];
    const which = RuleMetricName === WEB_ACL.name ? "admitted" : "blocked";
    const taken = options.samples.between(startMs, endMs, which).taken.filter(({ exchange }) => isOf(exchange));
    const stride = Math.ceil(taken.length / MaxItems);
    return {
      PopulationSize: taken.reduce((sum, { weight }) => sum + weight, 0),
      TimeWindow,
      SampledRequests: taken
        .filter((_, index) => index % stride === 0)
        .map(({ exchange, weight }) => describe(exchange, weight * stride)),
    };
  };
}

function findRule(metricName: string): ((exchange: Exchange) => boolean) | null {
  if (metricName === WEB_ACL.name) return () => true;
  const isOfFamily = (isV6: boolean) => (exchange: Exchange) => isIPv6(exchange.arrival.client.address) === isV6;
  if (metricName === ruleFor(IPV4_SET)) return isOfFamily(false);
  return metricName === ruleFor(IPV6_SET) ? isOfFamily(true) : null;
}

function describe({ arrival, outcome }: Exchange, Weight: number): object {
  return {
    Request: {
      ClientIP: arrival.client.address,
      URI: arrival.path.split("?")[0],
      Method: arrival.method,
      HTTPVersion: arrival.client.protocol,
      Headers: [
        { Name: "Host", Value: arrival.host },
        { Name: "User-Agent", Value: arrival.client.userAgent },
      ],
    },
    Weight,
    Timestamp: arrival.atMs / SECOND_MS,
    Action: outcome === "blocked" ? "BLOCK" : "ALLOW",
    ...(outcome === "blocked" && { ResponseCodeSent: 403 }),
  };
}
