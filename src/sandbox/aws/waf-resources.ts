/** What AWS WAF says of its resources. */
import {
  ACCOUNT_ID,
  CHALLENGED_IPV4_SET,
  CHALLENGED_IPV6_SET,
  IPV4_SET,
  IPV6_SET,
  LIMITED_IPV4_SET,
  LIMITED_IPV6_SET,
  LOAD_BALANCER,
  RATE_LIMIT,
  REGION,
  WEB_ACL,
} from "../site/estate.ts";
import type { ShieldRule } from "../site/shield.ts";

/** Which addresses a set holds; never both. */
export type Family = "IPV4" | "IPV6";

/** An IP set as the account holds it. */
export interface IpSet {
  readonly name: string;
  readonly id: string;
  readonly family: Family;
  description: string;
  addresses: readonly string[];
  lockToken: string;
}

interface PreparedSet {
  readonly name: string;
  readonly id: string;
  readonly family: Family;
  readonly rule: ShieldRule;
}

/** The sets that rules of the web ACL refer to, in the order of those rules. */
export const PREPARED_SETS: readonly PreparedSet[] = [
  ...prepared({ kind: "block" }, IPV4_SET, IPV6_SET),
  ...prepared({ kind: "rate-limit", ...RATE_LIMIT }, LIMITED_IPV4_SET, LIMITED_IPV6_SET),
  ...prepared({ kind: "challenge" }, CHALLENGED_IPV4_SET, CHALLENGED_IPV6_SET),
];

function prepared(
  rule: ShieldRule,
  ...[v4, v6]: [{ readonly name: string; readonly id: string }, { readonly name: string; readonly id: string }]
): PreparedSet[] {
  return [
    { ...v4, family: "IPV4", rule },
    { ...v6, family: "IPV6", rule },
  ];
}

/** What the web ACL does to whoever is in a set; null where no rule refers to it. */
export function ruleOf({ id }: Pick<IpSet, "id">): ShieldRule | null {
  return PREPARED_SETS.find((set) => set.id === id)?.rule ?? null;
}

/** Gives a set with what it holds. */
export function describeSet(set: IpSet): object {
  return {
    Name: set.name,
    Id: set.id,
    ARN: arn("ipset", set),
    Description: set.description,
    IPAddressVersion: set.family,
    Addresses: set.addresses,
  };
}

/** Gives a set as lists show it. */
export function summary(set: IpSet): object {
  const { name, id, description, lockToken } = set;
  return { Name: name, Id: id, ARN: arn("ipset", set), Description: description, LockToken: lockToken };
}

/** Gives the web ACL, with one rule a set. */
export function webAcl(): object {
  return {
    Name: WEB_ACL.name,
    Id: WEB_ACL.id,
    ARN: arn("webacl", WEB_ACL),
    DefaultAction: { Allow: {} },
    Rules: PREPARED_SETS.map(preparedRule),
    VisibilityConfig: visibility(WEB_ACL.name),
    Capacity: PREPARED_SETS.length,
  };
}

export const LOAD_BALANCER_ARN = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT_ID}:loadbalancer/${LOAD_BALANCER}`;

/** Names the rule of a set, and its metric. */
export function ruleFor({ name, rule }: PreparedSet): string {
  return `${rule.kind}-${name}`;
}

function preparedRule(set: PreparedSet, priority: number): object {
  const { rule } = set;
  const isIn = { IPSetReferenceStatement: { ARN: arn("ipset", set) } };
  const ruleName = ruleFor(set);
  const more = { Name: ruleName, Priority: priority, VisibilityConfig: visibility(ruleName) };
  switch (rule.kind) {
    case "block":
      return { ...more, Statement: isIn, Action: { Block: {} } };
    case "challenge":
      return { ...more, Statement: isIn, Action: { Challenge: {} } };
    case "rate-limit": {
      const rate = { Limit: rule.limit, EvaluationWindowSec: rule.windowSecs, AggregateKeyType: "IP" };
      return {
        ...more,
        Statement: { RateBasedStatement: { ...rate, ScopeDownStatement: isIn } },
        Action: { Block: {} },
      };
    }
  }
}

function visibility(metric: string): object {
  return { SampledRequestsEnabled: true, CloudWatchMetricsEnabled: true, MetricName: metric };
}

/** Gives the ARN of a set or a web ACL. */
export function arn(kind: "ipset" | "webacl", { name, id }: { name: string; id: string }): string {
  return `arn:aws:wafv2:${REGION}:${ACCOUNT_ID}:regional/${kind}/${name}/${id}`;
}
