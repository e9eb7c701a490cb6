import {
  GetRuleGroupCommand,
  GetWebACLCommand,
  ListIPSetsCommand,
  ListWebACLsCommand,
  type Rule,
  type WAFV2Client,
} from "@aws-sdk/client-wafv2";
import { callAws } from "../aws.ts";
import type { IpSetRef } from "./ip-set.ts";

/** A list of rules, of a web ACL or of a rule group in it. */
export interface RuleList {
  readonly name: string;
  readonly rules: readonly Rule[];
}

export interface WebAcl extends RuleList {
  readonly arn: string;
  /** By which what no rule decides is counted and sampled; null where it has none. */
  readonly metricName: string | null;
  /** Whether what no rule decides is sampled. */
  readonly keepsSamples: boolean;
}

/** What there is of rules in one scope and region. */
export interface KnownRules {
  /** By the set's id; those that do not exist are not in it. */
  readonly arnOfSet: ReadonlyMap<string, string>;
  readonly webAcls: readonly WebAcl[];
  /** By ARN; of the account's own rule groups that the web ACLs refer to. */
  readonly groups: ReadonlyMap<string, RuleList>;
}

const PAGE_SIZE = 100;

/** Reads every web ACL there is, page by page, and the rule groups that it refers to. */
export async function readWebAcls(
  sets: readonly IpSetRef[],
  { client, signal }: { readonly client: WAFV2Client; readonly signal: AbortSignal | undefined },
): Promise<KnownRules> {
  const { scope: Scope, region } = sets[0] as IpSetRef;
  const options = signal === undefined ? {} : { abortSignal: signal };
  const ids = new Set(sets.map(({ id }) => id));

  const found = await pages("IPSets", (NextMarker) =>
    callAws({ doing: `list the IP sets (${Scope}, ${region})`, permission: "wafv2:ListIPSets" }, () =>
      client.send(new ListIPSetsCommand({ Scope, NextMarker, Limit: PAGE_SIZE }), options),
    ),
  );
  const arnOfSet = new Map(found.flatMap(({ Id = "", ARN = "" }) => (ids.has(Id) ? [[Id, ARN] as const] : [])));

  const listed = await pages("WebACLs", (NextMarker) =>
    callAws({ doing: `list the web ACLs (${Scope}, ${region})`, permission: "wafv2:ListWebACLs" }, () =>
      client.send(new ListWebACLsCommand({ Scope, NextMarker, Limit: PAGE_SIZE }), options),
    ),
  );
  const webAcls: WebAcl[] = [];
  // One after the other: AWS takes five reads a second from all callers together.
  for (const { Name = "", Id, ARN = "" } of listed) {
    const { WebACL } = await callAws({ doing: `read web ACL ${Name}`, permission: "wafv2:GetWebACL" }, () =>
      client.send(new GetWebACLCommand({ Name, Id, Scope }), options),
    );
    const { MetricName: metricName = null, SampledRequestsEnabled: keepsSamples = false } =
      WebACL?.VisibilityConfig ?? {};
    webAcls.push({ name: Name, arn: ARN, metricName, keepsSamples, rules: WebACL?.Rules ?? [] });
  }

  const groups = new Map<string, RuleList>();
  for (const ARN of groupsOf(webAcls)) {
    const { RuleGroup } = await callAws({ doing: `read rule group ${ARN}`, permission: "wafv2:GetRuleGroup" }, () =>
      client.send(new GetRuleGroupCommand({ ARN }), options),
    );
    groups.set(ARN, { name: RuleGroup?.Name ?? ARN, rules: RuleGroup?.Rules ?? [] });
  }
  return { arnOfSet, webAcls, groups };
}

function groupsOf(webAcls: readonly RuleList[]): ReadonlySet<string> {
  const rules = webAcls.flatMap((acl) => acl.rules);
  return new Set(rules.flatMap(({ Statement }) => Statement?.RuleGroupReferenceStatement?.ARN ?? []));
}

async function pages<Key extends string, Item>(
  key: Key,
  read: (
    marker: string | undefined,
  ) => Promise<{ readonly [K in Key]?: Item[] | undefined } & { readonly NextMarker?: string | undefined }>,
): Promise<readonly Item[]> {
  const items: Item[] = [];
  let marker: string | undefined;
  do {
    const page = await read(marker);
    const found: readonly Item[] = page[key] ?? [];
    items.push(...found);
    // The last page may have a marker, too; an empty one has nothing after it.
    marker = found.length > 0 && page.NextMarker !== "" ? page.NextMarker : undefined;
  } while (marker !== undefined);
  return items;
}
