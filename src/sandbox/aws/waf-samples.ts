import { isIPv6 } from "node:net";
import type { z } from "zod";
import { SECOND_MS } from "../../domain/time-window.ts";
import { WEB_ACL } from "../site/estate.ts";
import type { Exchange } from "../site/exchange.ts";
import type { Fate, RequestSamples } from "../site/request-samples.ts";
import type { AwsFault } from "./fault.ts";
import { PREPARED_SETS, ruleFor } from "./waf-resources.ts";
import type { GetSampledRequests } from "./wafv2-inputs.ts";

/** Makes `GetSampledRequests`: of each rule, and by the web ACL's own metric of what none of them stopped. */
export function createWafSamples(options: {
  readonly samples: RequestSamples;
  readonly webAclArn: string;
  readonly nonexistent: () => AwsFault;
}): (input: z.output<typeof GetSampledRequests>) => object {
  return ({ WebAclArn, RuleMetricName, TimeWindow, MaxItems }) => {
    if (WebAclArn !== options.webAclArn) throw options.nonexistent();
    const rule = RuleMetricName === WEB_ACL.name ? NO_RULE : findRule(RuleMetricName);
    if (rule === null) throw options.nonexistent();
    const [startMs, endMs] = [TimeWindow.StartTime * SECOND_MS, TimeWindow.EndTime * SECOND_MS];
    const taken = options.samples
      .between(startMs, endMs, rule.fate)
      .taken.filter(({ exchange }) => rule.isOf(exchange));
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

interface SampledRule {
  readonly fate: Fate;
  isOf(exchange: Exchange): boolean;
}

const NO_RULE: SampledRule = { fate: "admitted", isOf: () => true };
const FATES = { block: "blocked", "rate-limit": "limited", challenge: "challenged" } as const;

function findRule(metricName: string): SampledRule | null {
  const set = PREPARED_SETS.find((each) => ruleFor(each) === metricName);
  if (set === undefined) return null;
  const isV6 = set.family === "IPV6";
  return {
    fate: FATES[set.rule.kind],
    isOf: ({ arrival }) => isIPv6(arrival.client.address) === isV6,
  };
}

const ACTIONS: ReadonlyMap<Exchange["outcome"], string> = new Map([
  ["blocked", "BLOCK"],
  ["limited", "BLOCK"],
  ["challenged", "CHALLENGE"],
]);

function describe({ arrival, outcome, status }: Exchange, Weight: number): object {
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
    Action: ACTIONS.get(outcome) ?? "ALLOW",
    ...(ACTIONS.has(outcome) && { ResponseCodeSent: status }),
  };
}
