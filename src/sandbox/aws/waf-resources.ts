/** What AWS WAF says of its resources. */
import { ACCOUNT_ID, IPV4_SET, IPV6_SET, LOAD_BALANCER, REGION, WEB_ACL } from "../site/estate.ts";

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

/** Whether a rule of the web ACL refers to the set. */
export function isReferred(set: IpSet): boolean {
  return set.id === IPV4_SET.id || set.id === IPV6_SET.id;
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

/** Gives the web ACL, with one blocking rule a set. */
export function webAcl(blocked: readonly IpSet[]): object {
  const visibility = (metric: string): object => ({
    SampledRequestsEnabled: true,
    CloudWatchMetricsEnabled: true,
    MetricName: metric,
  });
  return {
    Name: WEB_ACL.name,
    Id: WEB_ACL.id,
    ARN: arn("webacl", WEB_ACL),
    DefaultAction: { Allow: {} },
    Rules: blocked.map((set, priority) => ({
      Name: ruleFor(set),
      Priority: priority,
      Statement: { IPSetReferenceStatement: { ARN: arn("ipset", set) } },
      Action: { Block: {} },
      VisibilityConfig: visibility(ruleFor(set)),
    })),
    VisibilityConfig: visibility(WEB_ACL.name),
    Capacity: blocked.length,
  };
}

/** Names the rule that blocks who is in a set, and its metric. */
export function ruleFor({ name }: { readonly name: string }): string {
  return `block-${name}`;
}

export const LOAD_BALANCER_ARN = `arn:aws:elasticloadbalancing:${REGION}:${ACCOUNT_ID}:loadbalancer/${LOAD_BALANCER}`;

/** Gives the ARN of a set or a web ACL. */
export function arn(kind: "ipset" | "webacl", { name, id }: { name: string; id: string }): string {
  return `arn:aws:wafv2:${REGION}:${ACCOUNT_ID}:regional/${kind}/${name}/${id}`;
}
