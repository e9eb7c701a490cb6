import type { Rule, Statement } from "@aws-sdk/client-wafv2";
import { describe, expect, it } from "@jest/globals";
import { findWeaknesses } from "../../src/firewall/rule-reach.ts";

const ARN = "arn:aws:wafv2:eu-west-1:123456789012:regional/ipset/blocked-v4/v4";
const GROUP = "arn:aws:wafv2:eu-west-1:123456789012:regional/rulegroup/ours/g";
const SET = { name: "blocked-v4", id: "v4", family: 4, scope: "REGIONAL", region: "eu-west-1" } as const;

const ACL = { arn: "arn:acl", metricName: "acl", keepsSamples: true };

const inSet: Statement = { IPSetReferenceStatement: { ARN } };
const path: Statement = {
  ByteMatchStatement: {
    SearchString: new Uint8Array(),
    FieldToMatch: { UriPath: {} },
    TextTransformations: [],
    PositionalConstraint: "EXACTLY",
  },
};

function rule(given: Partial<Rule> & { Statement: Statement }): Rule {
  const VisibilityConfig = { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: "m" };
  return { Name: "block", Priority: 10, Action: { Block: {} }, VisibilityConfig, ...given };
}

function weaknesses(
  rules: readonly Rule[],
  more: { readonly groupRules?: readonly Rule[]; readonly areClientsForwarded?: boolean } = {},
) {
  return findWeaknesses({
    sets: [SET],
    arnOfSet: new Map([["v4", ARN]]),
    webAcls: [
      { ...ACL, name: "other", rules: [rule({ Statement: path })] },
      { ...ACL, name: "web", rules },
    ],
    groups: new Map(more.groupRules ? [[GROUP, { name: "ours", rules: more.groupRules }]] : []),
    areClientsForwarded: more.areClientsForwarded ?? false,
  });
}

describe("a set that is blocked", () => {
  const ofGroup = { Statement: { RuleGroupReferenceStatement: { ARN: GROUP } } };
  const { Action: _none, ...reference } = rule(ofGroup);

  it.each<[string, readonly Rule[], readonly Rule[]]>([
    ["by a rule of its own", [rule({ Statement: inSet })], []],
    ["as one of several", [rule({ Statement: { OrStatement: { Statements: [path, inSet] } } })], []],
    ["in a rule group", [{ ...reference, OverrideAction: { None: {} } }], [rule({ Statement: inSet })]],
    [
      "before a rule that lets people in",
      [rule({ Statement: inSet }), rule({ Name: "office", Priority: 11, Action: { Allow: {} }, Statement: path })],
      [],
    ],
  ])("%s has no weakness", (_, rules, groupRules) => {
    expect(weaknesses(rules, { groupRules })).toEqual([]);
  });

  it.each<[string, readonly Rule[], readonly Rule[], string]>([
    ["no rule asks for", [], [], "No web ACL has a rule for IP set blocked-v4: nobody in it is blocked."],
    [
      "a rule only counts",
      [rule({ Statement: inSet, Action: { Count: {} } })],
      [],
      "Rule block of web ACL web does not block who is in IP set blocked-v4: its action is Count.",
    ],
    ["a rule lets in", [rule({ Statement: inSet, Action: { Allow: {} } })], [], "its action is Allow."],
    [
      "only those outside of it are blocked",
      [rule({ Statement: { NotStatement: { Statement: inSet } } })],
      [],
      "acts on whoever is not in IP set blocked-v4.",
    ],
    [
      "a rule asks for more",
      [rule({ Statement: { AndStatement: { Statements: [inSet, path] } } })],
      [],
      "asks for more than to be in IP set blocked-v4.",
    ],
    [
      "a rule before lets people in",
      [rule({ Name: "office", Priority: 0, Action: { Allow: {} }, Statement: path }), rule({ Statement: inSet })],
      [],
      "Rule office of web ACL web comes before block: whom it allows is not blocked by IP set blocked-v4.",
    ],
    [
      "a whole group only counts",
      [{ ...reference, OverrideAction: { Count: {} } }],
      [rule({ Statement: inSet })],
      "its action is Count.",
    ],
    [
      "a rule of a group is overridden",
      [
        rule({
          Statement: {
            RuleGroupReferenceStatement: {
              ARN: GROUP,
              RuleActionOverrides: [{ Name: "block", ActionToUse: { Challenge: {} } }],
            },
          },
        }),
      ],
      [rule({ Statement: inSet })],
      "its action is Challenge.",
    ],
  ])("is weak where %s", (_, rules, groupRules, sentence) => {
    expect(weaknesses(rules, { groupRules })).toEqual([expect.stringContaining(sentence)]);
  });

  it("is weak behind a proxy where its rule looks at who connects, and not where it looks at the header", () => {
    const forwarded: Statement = {
      IPSetReferenceStatement: {
        ARN,
        IPSetForwardedIPConfig: { HeaderName: "X-Forwarded-For", FallbackBehavior: "NO_MATCH", Position: "FIRST" },
      },
    };

    expect(weaknesses([rule({ Statement: inSet })], { areClientsForwarded: true })).toEqual([
      expect.stringContaining("give it a forwarded IP configuration"),
    ]);
    expect(weaknesses([rule({ Statement: forwarded })], { areClientsForwarded: true })).toEqual([]);
  });

  it("is told by its id where there is none", () => {
    const asked = { sets: [SET], arnOfSet: new Map(), webAcls: [], groups: new Map(), areClientsForwarded: false };

    expect(findWeaknesses(asked)).toEqual(["There is no IP set with the id v4 (blocked-v4) in REGIONAL, eu-west-1."]);
  });
});
