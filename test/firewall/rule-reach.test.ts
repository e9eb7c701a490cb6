import type { RateBasedStatement, Rule, Statement } from "@aws-sdk/client-wafv2";
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

describe("a set that is limited or challenged", () => {
  const rate = (given: Partial<RateBasedStatement> = {}): Statement => ({
    RateBasedStatement: {
      Limit: 300,
      EvaluationWindowSec: 300,
      AggregateKeyType: "IP",
      ScopeDownStatement: inSet,
      ...given,
    },
  });
  const found = (measure: "rate-limit" | "challenge", rules: readonly Rule[], areClientsForwarded = false) =>
    findWeaknesses({
      sets: [{ ...SET, measure }],
      arnOfSet: new Map([["v4", ARN]]),
      webAcls: [{ name: "web", arn: "arn:web", metricName: "web", keepsSamples: true, rules }],
      groups: new Map(),
      areClientsForwarded,
      rateLimit: { limit: 300, windowSecs: 300 },
    });
  const challenging = { Action: { Challenge: {} } };

  it("has no weakness where a rate-based rule is scoped down to it, or a rule challenges who is in it", () => {
    expect(found("rate-limit", [rule({ Statement: rate() })])).toEqual([]);
    expect(
      found("rate-limit", [
        rule({ Statement: rate({ ScopeDownStatement: { OrStatement: { Statements: [path, inSet] } } }) }),
      ]),
    ).toEqual([]);
    expect(found("challenge", [rule({ Statement: inSet, ...challenging })])).toEqual([]);
  });

  it("takes five minutes for the window of a rule that names none, as AWS does", () => {
    const { EvaluationWindowSec: _, ...unnamed } = rate().RateBasedStatement as RateBasedStatement;

    expect(found("rate-limit", [rule({ Statement: { RateBasedStatement: unnamed } })])).toEqual([]);
  });

  it.each<[string, "rate-limit" | "challenge", Rule | null, string]>([
    [
      "no rule limits",
      "rate-limit",
      null,
      "No web ACL has a rule for IP set blocked-v4: nobody in it is rate-limited.",
    ],
    [
      "a rule blocks at once",
      "rate-limit",
      rule({ Statement: inSet }),
      "stops whoever is in IP set blocked-v4 at their first request",
    ],
    [
      "a rule only counts who is over",
      "rate-limit",
      rule({ Statement: rate(), Action: { Count: {} } }),
      "does not limit who is in IP set blocked-v4: its action is Count.",
    ],
    [
      "a rule allows more than is configured",
      "rate-limit",
      rule({ Statement: rate({ Limit: 2_000 }) }),
      "allows 2000 requests in 300 s, and spillway.yaml says 300 in 300 s.",
    ],
    [
      "a rule counts over another window",
      "rate-limit",
      rule({ Statement: rate({ EvaluationWindowSec: 60 }) }),
      "allows 300 requests in 60 s",
    ],
    [
      "a rule counts all of them together",
      "rate-limit",
      rule({ Statement: rate({ AggregateKeyType: "CONSTANT" }) }),
      "it aggregates by CONSTANT.",
    ],
    [
      "a rule asks for more",
      "rate-limit",
      rule({ Statement: rate({ ScopeDownStatement: { AndStatement: { Statements: [inSet, path] } } }) }),
      "asks for more than to be in IP set blocked-v4.",
    ],
    [
      "a rule blocks instead",
      "challenge",
      rule({ Statement: inSet }),
      "does not challenge who is in IP set blocked-v4: its action is Block.",
    ],
    [
      "who is challenged has to send much first",
      "challenge",
      rule({ Statement: rate(), ...challenging }),
      "asks for more than to be in IP set blocked-v4.",
    ],
  ])("is weak where %s", (_, measure, given, sentence) => {
    expect(found(measure, given === null ? [] : [given])).toEqual([expect.stringContaining(sentence)]);
  });

  it("is weak behind a proxy where the rule counts who connects", () => {
    expect(found("rate-limit", [rule({ Statement: rate() })], true)).toEqual([
      expect.stringContaining("counts who connects"),
      expect.stringContaining("give it a forwarded IP configuration"),
    ]);
  });

  it("leaves a set that blocks as weak as it was where a rate-based rule refers to it", () => {
    expect(weaknesses([rule({ Statement: rate() })])).toEqual([
      "Rule block of web ACL web asks for more than to be in IP set blocked-v4.",
    ]);
  });
});
