import { ListResourcesForWebACLCommand, type ResourceType, type WAFV2Client } from "@aws-sdk/client-wafv2";
import { callAws } from "../aws.ts";
import { wordsOf } from "../domain/address-measure.ts";
import { UpstreamError } from "../errors.ts";
import type { IpSetRef } from "./ip-set.ts";
import { usesOf } from "./rule-reach.ts";
import type { KnownRules, WebAcl } from "./web-acls.ts";

/** What is asked for where the load balancer is not known; to ask for more kinds takes permissions of theirs. */
const KINDS: readonly ResourceType[] = ["APPLICATION_LOAD_BALANCER", "API_GATEWAY", "APPSYNC"];

/**
 * Says that the web ACLs whose rules ask for the sets protect nothing, or not the service's load balancer; empty where
 * they do, or where there are none.
 *
 * What CloudFront uses, only CloudFront knows, and is not asked.
 */
export async function findUnattached(
  sets: readonly IpSetRef[],
  known: KnownRules,
  options: {
    readonly client: WAFV2Client;
    /** "app/web/50dc6c495c0c9188"; left out where it is not known. */
    readonly loadBalancer: string | undefined;
    readonly signal: AbortSignal | undefined;
  },
): Promise<readonly string[]> {
  if (sets.some(({ scope }) => scope === "CLOUDFRONT")) return [];
  const acls = [...new Set(sets.flatMap((set) => usesOf(set, known)).map(({ acl }) => acl))];
  if (acls.length === 0) return [];
  const { past } = wordsOf(sets[0] ?? {});
  const names = `Web ACL ${acls.map(({ name }) => name).join(" and ")}`;
  const { loadBalancer } = options;
  try {
    const attached: string[] = [];
    for (const acl of acls) {
      attached.push(...(await resourcesOf(acl, loadBalancer === undefined ? KINDS : KINDS.slice(0, 1), options)));
    }
    if (loadBalancer === undefined) {
      const nothing = `${names} is attached to no load balancer, API Gateway or AppSync API: nobody is ${past} there.`;
      return attached.length === 0 ? [nothing] : [];
    }
    return attached.some((arn) => arn.endsWith(`:loadbalancer/${loadBalancer}`))
      ? []
      : [`${names} is not attached to load balancer ${loadBalancer}: nobody is ${past} in front of it.`];
  } catch (error) {
    // What is known of the rules is worth more than to ask for all of it again.
    if (!(error instanceof UpstreamError)) throw error;
    return [`What ${names} is attached to is not known. ${error.message}`];
  }
}

async function resourcesOf(
  { name, arn }: WebAcl,
  kinds: readonly ResourceType[],
  { client, signal }: { readonly client: WAFV2Client; readonly signal: AbortSignal | undefined },
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const ResourceType of kinds) {
    const call = { doing: `read what web ACL ${name} is attached to`, permission: "wafv2:ListResourcesForWebACL" };
    const { ResourceArns = [] } = await callAws(call, () =>
      client.send(
        new ListResourcesForWebACLCommand({ WebACLArn: arn, ResourceType }),
        signal && { abortSignal: signal },
      ),
    );
    found.push(...ResourceArns);
  }
  return found;
}
