import type { Rule } from "@aws-sdk/client-wafv2";
import { expect, it } from "@jest/globals";
import { stopStatuses } from "../../src/firewall/stop-statuses.ts";

const SETS = ([4, 6] as const).map((family) => ({
  name: `limited-v${family}`,
  id: `v${family}`,
  family,
  scope: "REGIONAL" as const,
  region: "eu-west-1",
}));
const block = (ResponseCode: number) => ({ Block: { CustomResponse: { ResponseCode } } });

function rule(family: 4 | 6, Action: NonNullable<Rule["Action"]>): Rule {
  const VisibilityConfig = { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: "m" };
  const Statement = { IPSetReferenceStatement: { ARN: `arn:v${family}` } };
  return { Name: `v${family}`, Priority: family, Statement, Action, VisibilityConfig };
}

function statuses(rules: readonly Rule[], groupRules: readonly Rule[] = []): readonly number[] {
  return stopStatuses(SETS, {
    arnOfSet: new Map(SETS.map(({ id }) => [id, `arn:${id}`])),
    webAcls: [{ name: "web", arn: "arn:acl", metricName: "acl", keepsSamples: true, rules }],
    groups: new Map([["arn:group", { name: "ours", rules: groupRules }]]),
  });
}

it.each<[string, readonly Rule[], readonly number[]]>([
  ["a block", [rule(4, { Block: {} }), rule(6, { Block: {} })], [403]],
  ["a block with a response of its own", [rule(4, block(429)), rule(6, block(503))], [429, 503]],
  ["a challenge and a captcha", [rule(4, { Challenge: {} }), rule(6, { Captcha: {} })], [202, 405]],
  ["rules that stop nobody", [rule(4, { Count: {} }), rule(6, { Allow: {} })], []],
])("%s answers whom it stops as AWS does", (_, rules, expected) => {
  expect(statuses(rules)).toEqual(expected);
});

it("is told of a rule in a group as the web ACL overrides it", () => {
  const overrides = [{ Name: "v4", ActionToUse: block(451) }];
  const reference = { ARN: "arn:group", RuleActionOverrides: overrides };
  const top = { ...rule(4, {}), Statement: { RuleGroupReferenceStatement: reference } };

  expect(statuses([top], [rule(4, block(429)), rule(6, block(429))])).toEqual([429, 451]);
});
