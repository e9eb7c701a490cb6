import {
  CloudFrontClient,
  type DistributionSummary,
  ListDistributionsByWebACLIdCommand,
  ListDistributionTenantsByCustomizationCommand,
} from "@aws-sdk/client-cloudfront";
import {
  GetSampledRequestsCommand,
  GetWebACLCommand,
  ListIPSetsCommand,
  ListResourcesForWebACLCommand,
  ListWebACLsCommand,
  type Rule,
  WAFV2Client,
} from "@aws-sdk/client-wafv2";
import { describe, expect, it } from "@jest/globals";
import { mockClient } from "aws-sdk-client-mock";
import { createWafFirewall } from "../../src/firewall/wafv2.ts";
import { createLog } from "../../src/log.ts";

const AT_MS = Date.UTC(2026, 10, 21, 20, 14, 0);
const WINDOW = { startMs: AT_MS - 120_000, endMs: AT_MS };

function rule(name: string, Priority: number, given: Partial<Rule>): Rule {
  const VisibilityConfig = { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: `m-${name}` };
  return { Name: name, Priority, Statement: {}, Action: { Block: {} }, VisibilityConfig, ...given };
}

function openWaf(rules: readonly Rule[]) {
  const mock = mockClient(WAFV2Client);
  mock.on(ListIPSetsCommand).resolves({
    IPSets: [
      { Id: "v4", ARN: "arn:v4" },
      { Id: "v6", ARN: "arn:v6" },
    ],
  });
  mock.on(ListWebACLsCommand).resolves({ WebACLs: [{ Name: "edge", Id: "e", ARN: "arn:edge" }] });
  const VisibilityConfig = { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: "m-edge" };
  mock.on(GetWebACLCommand).resolves({
    WebACL: {
      Name: "edge",
      Id: "e",
      ARN: "arn:edge",
      DefaultAction: { Allow: {} },
      VisibilityConfig,
      Rules: [...rules],
    },
  });
  mock.on(ListResourcesForWebACLCommand).resolves({ ResourceArns: [] });
  mock.on(GetSampledRequestsCommand).resolves({ SampledRequests: [], PopulationSize: 0 });
  return mock;
}

function firewall(
  given: Partial<Pick<Parameters<typeof createWafFirewall>[0], "loadBalancer" | "distribution" | "measure">> = {},
  scope: "REGIONAL" | "CLOUDFRONT" = "REGIONAL",
) {
  return createWafFirewall({
    config: { kind: "wafv2", scope, ipv4Set: { name: "a", id: "v4" }, ipv6Set: { name: "b", id: "v6" } },
    aws: { region: "eu-west-1" },
    log: createLog("silent"),
    ...given,
  });
}

function failure(name: string): Error {
  return Object.assign(new Error("no"), { name, $metadata: { httpStatusCode: 400 } });
}

const blocks = (id: string): Partial<Rule> => ({ Statement: { IPSetReferenceStatement: { ARN: `arn:${id}` } } });

describe("samples of AWS WAF", () => {
  it("are asked of our rules, of those that let somebody in before, and of what no rule decides", async () => {
    const mock = openWaf([
      rule("office", 0, { Action: { Allow: {} } }),
      rule("bots", 1, {}),
      rule("four", 2, blocks("v4")),
      rule("six", 3, blocks("v6")),
      rule("late", 4, { Action: { Allow: {} } }),
    ]);
    mock.on(GetSampledRequestsCommand, { RuleMetricName: "m-four" }).resolves({
      PopulationSize: 812,
      SampledRequests: [
        {
          Request: { ClientIP: "203.0.113.7", Country: "DE", Method: "GET", URI: "/login", Headers: [] },
          Weight: 2,
          Timestamp: new Date(AT_MS - 5_000),
          Action: "BLOCK",
        },
      ],
    });

    const rules = await firewall().samples?.(WINDOW);

    const asked = mock.commandCalls(GetSampledRequestsCommand).map(({ args: [{ input }] }) => input);
    expect(asked.map(({ RuleMetricName }) => RuleMetricName)).toEqual(["m-four", "m-six", "m-office", "m-edge"]);
    expect(asked[0]).toMatchObject({
      WebAclArn: "arn:edge",
      Scope: "REGIONAL",
      MaxItems: 500,
      TimeWindow: { StartTime: new Date(WINDOW.startMs), EndTime: new Date(WINDOW.endMs) },
    });
    expect(rules?.map(({ rule: name, isOurs, population }) => [name, isOurs, population])).toEqual([
      ["four", true, 812],
      ["six", true, 0],
      ["office", false, 0],
      [null, false, 0],
    ]);
    expect(rules?.[0]?.samples).toEqual([
      {
        atMs: AT_MS - 5_000,
        weight: 2,
        clients: ["203.0.113.7"],
        connectedFrom: "203.0.113.7",
        forwardedFor: [],
        method: "GET",
        uri: "/login",
        action: "BLOCK",
      },
    ]);
  });

  it.each([
    ["FIRST", ["203.0.113.7"]],
    ["LAST", ["10.0.0.7"]],
    ["ANY", ["203.0.113.7", "10.0.0.7"]],
  ] as const)("are of whom the header names %s where our rule looks there", async (Position, clients) => {
    const IPSetForwardedIPConfig = { HeaderName: "X-Forwarded-For", FallbackBehavior: "NO_MATCH", Position } as const;
    const mock = openWaf([
      rule("four", 0, { Statement: { IPSetReferenceStatement: { ARN: "arn:v4", IPSetForwardedIPConfig } } }),
    ]);
    const Headers = [{ Name: "x-forwarded-for", Value: "203.0.113.7, 10.0.0.7" }];
    mock.on(GetSampledRequestsCommand, { RuleMetricName: "m-four" }).resolves({
      SampledRequests: [{ Request: { ClientIP: "10.0.0.8", Headers }, Weight: 1, Action: "BLOCK" }],
    });

    const rules = await firewall().samples?.(WINDOW);

    expect(rules?.[0]?.samples).toMatchObject([
      { clients, connectedFrom: "10.0.0.8", forwardedFor: ["203.0.113.7", "10.0.0.7"] },
    ]);
  });

  it("are not asked of a rule that keeps none", async () => {
    const VisibilityConfig = { SampledRequestsEnabled: false, CloudWatchMetricsEnabled: true, MetricName: "m" };
    const mock = openWaf([rule("four", 0, { ...blocks("v4"), VisibilityConfig })]);

    const rules = await firewall().samples?.(WINDOW);

    expect(rules?.[0]).toMatchObject({ rule: "four", keepsSamples: false, samples: [] });
    expect(mock.commandCalls(GetSampledRequestsCommand)).toHaveLength(1);
  });

  it("do without what no rule decides where AWS does not take its name, and with nothing else", async () => {
    const mock = openWaf([rule("four", 0, blocks("v4"))]);
    mock.on(GetSampledRequestsCommand, { RuleMetricName: "m-edge" }).rejects(failure("WAFInvalidParameterException"));

    expect(await firewall().samples?.(WINDOW)).toHaveLength(2);
    mock.on(GetSampledRequestsCommand).rejects(failure("AccessDeniedException"));
    await expect(firewall().samples?.(WINDOW)).rejects.toThrow("Allow wafv2:GetSampledRequests");
  });
});

describe("a web ACL in front of nothing", () => {
  const rules = [rule("four", 0, blocks("v4")), rule("six", 1, blocks("v6"))];
  const BALANCER = "app/web/50dc6c495c0c9188";
  const arnOf = (balancer: string) => `arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/${balancer}`;

  it("is a weakness", async () => {
    openWaf(rules);

    expect(await firewall().weaknesses()).toEqual([
      "Web ACL edge is attached to no load balancer, API Gateway or AppSync API: nobody is blocked there.",
    ]);
  });

  it.each([
    ["rate-limit", "nobody is rate-limited there."],
    ["challenge", "nobody is challenged there."],
  ] as const)("is a weakness of a %s in its own words", async (measure, words) => {
    openWaf(rules);

    expect((await firewall({ measure }).weaknesses()).at(-1)).toContain(words);
  });

  it("is a weakness where the service's load balancer is another", async () => {
    const mock = openWaf(rules);
    mock.on(ListResourcesForWebACLCommand).resolves({ ResourceArns: [arnOf("app/shop/1111111111111111")] });

    expect(await firewall().weaknesses()).toEqual([]);
    expect(await firewall({ loadBalancer: BALANCER }).weaknesses()).toEqual([
      `Web ACL edge is not attached to load balancer ${BALANCER}: nobody is blocked in front of it.`,
    ]);
    mock.on(ListResourcesForWebACLCommand).resolves({ ResourceArns: [arnOf(BALANCER)] });
    expect(await firewall({ loadBalancer: BALANCER }).weaknesses()).toEqual([]);
  });

  it.each([
    [
      "no distribution",
      [],
      {},
      "Web ACL edge is attached to no distribution of CloudFront that is enabled: nobody is blocked there.",
    ],
    ["one that is disabled", [{ Id: "E1", Enabled: false }], {}, "Web ACL edge is attached to no distribution"],
    [
      "another",
      [{ Id: "E2", Enabled: true }],
      { distribution: "E1" },
      "Web ACL edge is not attached to distribution E1, or that one is not enabled: nobody",
    ],
    ["the service's", [{ Id: "E1", Enabled: true }], { distribution: "E1" }, null],
    ["whichever, where the service's is not known", [{ Id: "E1", Enabled: true }], { loadBalancer: BALANCER }, null],
  ] as const)("is a weakness, or none, where CloudFront uses it for %s", async (_, items, given, words) => {
    openWaf(rules);
    const cloudFront = mockClient(CloudFrontClient);
    const Items = items as unknown as DistributionSummary[];
    cloudFront.on(ListDistributionsByWebACLIdCommand, { WebACLId: "arn:edge" }).resolves({
      DistributionList: { Marker: "", MaxItems: 100, IsTruncated: false, Quantity: items.length, Items },
    });
    cloudFront.on(ListDistributionTenantsByCustomizationCommand).resolves({});

    const weaknesses = await firewall(given, "CLOUDFRONT").weaknesses();

    expect(weaknesses).toEqual(words === null ? [] : [expect.stringContaining(words)]);
  });

  it("is told with the permission that is missing to look", async () => {
    const mock = openWaf(rules);
    mock.on(ListResourcesForWebACLCommand).rejects(failure("AccessDeniedException"));

    expect(await firewall().weaknesses()).toEqual([
      expect.stringMatching(/^What Web ACL edge is attached to is not known\. .*Allow wafv2:ListResourcesForWebACL/),
    ]);
  });
});
