import {
  GetSampledRequestsCommand,
  type GetSampledRequestsResponse,
  type IPSetForwardedIPConfig,
  type Rule,
  type SampledHTTPRequest,
  type WAFV2Client,
} from "@aws-sdk/client-wafv2";
import { callAws } from "../aws.ts";
import type { SampledRequest, SampledRule } from "../domain/sampled-requests.ts";
import type { TimeWindow } from "../domain/time-window.ts";
import { UpstreamError } from "../errors.ts";
import type { IpSetRef } from "./ip-set.ts";
import { allowedBefore, type Use, usesOf } from "./rule-reach.ts";
import type { KnownRules, WebAcl } from "./web-acls.ts";

/** @source https://docs.aws.amazon.com/waf/latest/APIReference/API_GetSampledRequests.html */
const MAX_SAMPLES = 500;
/** Each is a call; who has more rules that let somebody in before ours is told of the first. */
const MAX_RULES_BEFORE = 5;
const NOT_TAKEN = new Set(["aws-refused", "aws-not-found"]);

/**
 * Reads what AWS WAF remembers of the rules that ask for the sets, of those that let somebody in before them, and of
 * what no rule decides. Of a longer window than the last three hours it knows those only, and of each rule's requests it
 * samples the first 5,000.
 */
export async function readSamples(
  sets: readonly IpSetRef[],
  known: KnownRules,
  window: TimeWindow,
  { client, signal }: { readonly client: WAFV2Client; readonly signal: AbortSignal | undefined },
): Promise<readonly SampledRule[]> {
  const rules: SampledRule[] = [];
  for (const [acl, uses] of byWebAcl(sets.flatMap((set) => usesOf(set, known)))) {
    const forwarded = uses.find(({ reference }) => reference.forwarded !== null)?.reference.forwarded ?? null;
    for (const asked of rulesToAsk(acl, uses)) rules.push(await readRule(acl, asked, forwarded));
  }
  return rules;

  async function readRule(acl: WebAcl, asked: Asked, forwarded: IPSetForwardedIPConfig | null): Promise<SampledRule> {
    const told = { webAcl: acl.name, rule: asked.rule, isOurs: asked.isOurs, keepsSamples: asked.keepsSamples };
    if (!asked.keepsSamples) return { ...told, population: 0, samples: [] };
    const command = new GetSampledRequestsCommand({
      WebAclArn: acl.arn,
      RuleMetricName: asked.metricName,
      Scope: (sets[0] as IpSetRef).scope,
      TimeWindow: { StartTime: new Date(window.startMs), EndTime: new Date(window.endMs) },
      MaxItems: MAX_SAMPLES,
    });
    const call = { doing: `read samples of web ACL ${acl.name}`, permission: "wafv2:GetSampledRequests" };
    const answer: GetSampledRequestsResponse = await callAws(call, () =>
      client.send(command, signal && { abortSignal: signal }),
    ).catch((error: unknown) => {
      // AWS does not say whether it takes the web ACL's own metric here; without it less is told.
      if (asked.rule === null && error instanceof UpstreamError && NOT_TAKEN.has(error.code)) return {};
      throw error;
    });
    const { SampledRequests = [], PopulationSize = 0 } = answer;
    return {
      ...told,
      population: PopulationSize,
      samples: SampledRequests.map((sample) => toSample(sample, forwarded)),
    };
  }
}

interface Asked {
  readonly rule: string | null;
  readonly isOurs: boolean;
  readonly metricName: string;
  readonly keepsSamples: boolean;
}

function rulesToAsk(acl: WebAcl, uses: readonly Use[]): readonly Asked[] {
  const ours = new Set(uses.map(({ top }) => top));
  const before = new Set(uses.flatMap(allowedBefore).slice(0, MAX_RULES_BEFORE));
  const asked = (rule: Rule, isOurs: boolean): readonly Asked[] => {
    const { MetricName, SampledRequestsEnabled = false } = rule.VisibilityConfig ?? {};
    if (MetricName === undefined) return [];
    return [{ rule: rule.Name ?? MetricName, isOurs, metricName: MetricName, keepsSamples: SampledRequestsEnabled }];
  };
  const { metricName, keepsSamples } = acl;
  const all = [
    ...[...ours].flatMap((rule) => asked(rule, true)),
    ...[...before].filter((rule) => !ours.has(rule)).flatMap((rule) => asked(rule, false)),
    // What is counted by the web ACL's own metric is what no rule decided.
    ...(metricName === null ? [] : [{ rule: null, isOurs: false, metricName, keepsSamples }]),
  ];
  // Rules may share a metric; asked for it twice, all that is sampled would count twice.
  return all.filter((one, index) => all.findIndex((other) => other.metricName === one.metricName) === index);
}

function byWebAcl(uses: readonly Use[]): ReadonlyMap<WebAcl, readonly Use[]> {
  const groups = new Map<WebAcl, Use[]>();
  for (const use of uses) groups.set(use.acl, [...(groups.get(use.acl) ?? []), use]);
  return groups;
}

function toSample(sample: SampledHTTPRequest, forwarded: IPSetForwardedIPConfig | null): SampledRequest {
  const { ClientIP = "", Method = "", URI = "", Headers = [] } = sample.Request ?? {};
  const listed = (name: string) =>
    Headers.filter((header) => header.Name?.toLowerCase() === name.toLowerCase())
      .flatMap(({ Value = "" }) => Value.split(","))
      .map((address) => address.trim());
  return {
    atMs: sample.Timestamp?.getTime() ?? 0,
    weight: sample.Weight ?? 1,
    clients: forwarded === null ? [ClientIP] : named(listed(forwarded.HeaderName ?? ""), forwarded),
    connectedFrom: ClientIP,
    forwardedFor: listed("X-Forwarded-For"),
    method: Method,
    uri: URI,
    action: sample.Action ?? "",
  };
}

function named(addresses: readonly string[], { Position }: IPSetForwardedIPConfig): readonly string[] {
  if (Position === "ANY") return addresses;
  return Position === "LAST" ? addresses.slice(-1) : addresses.slice(0, 1);
}
