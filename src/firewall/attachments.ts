import type { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { ListResourcesForWebACLCommand, type ResourceType, type WAFV2Client } from "@aws-sdk/client-wafv2";
import { callAws } from "../aws.ts";
import { wordsOf } from "../domain/address-measure.ts";
import { UpstreamError } from "../errors.ts";
import { distributionsOf } from "./distributions.ts";
import type { IpSetRef } from "./ip-set.ts";
import { usesOf } from "./rule-reach.ts";
import type { KnownRules, WebAcl } from "./web-acls.ts";

/** What is asked for where the load balancer is not known; to ask for more kinds takes permissions of theirs. */
const KINDS: readonly ResourceType[] = ["APPLICATION_LOAD_BALANCER", "API_GATEWAY", "APPSYNC"];

interface Asked {
  readonly client: WAFV2Client;
  readonly cloudFront: CloudFrontClient;
  /** "app/web/50dc6c495c0c9188"; left out where it is not known. */
  readonly loadBalancer: string | undefined;
  /** "E2EXAMPLE1ABCD"; left out where it is not known. */
  readonly distribution: string | undefined;
  readonly signal: AbortSignal | undefined;
}

/** What a web ACL may stand in front of. */
interface Places {
  /** All that is looked at, as a clause that "attached to no" goes before. */
  readonly kinds: string;
  /** The service's own; null where it is not known. */
  readonly own: { readonly name: string; is(found: string): boolean } | null;
  of(acl: WebAcl): Promise<readonly string[]>;
}

/**
 * Says that the web ACLs whose rules ask for the sets protect nothing, or not the service's load balancer or
 * distribution; empty where they do, or where there are none.
 */
export async function findUnattached(
  sets: readonly IpSetRef[],
  known: KnownRules,
  asked: Asked,
): Promise<readonly string[]> {
  const acls = [...new Set(sets.flatMap((set) => usesOf(set, known)).map(({ acl }) => acl))];
  if (acls.length === 0) return [];
  const { past } = wordsOf(sets[0] ?? {});
  const names = `Web ACL ${acls.map(({ name }) => name).join(" and ")}`;
  const places = sets.some(({ scope }) => scope === "CLOUDFRONT") ? distributions(asked) : regional(asked);
  const { own, kinds } = places;
  try {
    const attached: string[] = [];
    for (const acl of acls) attached.push(...(await places.of(acl)));
    if (own === null)
      return attached.length > 0 ? [] : [`${names} is attached to no ${kinds}: nobody is ${past} there.`];
    if (attached.some((one) => own.is(one))) return [];
    return [`${names} is not attached to ${own.name}: nobody is ${past} in front of it.`];
  } catch (error) {
    // What is known of the rules is worth more than to ask for all of it again.
    if (!(error instanceof UpstreamError)) throw error;
    return [`What ${names} is attached to is not known. ${error.message}`];
  }
}

function distributions({ cloudFront: client, distribution, signal }: Asked): Places {
  return {
    kinds: "distribution of CloudFront that is enabled",
    own:
      distribution === undefined
        ? null
        : { name: `distribution ${distribution}, or that one is not enabled`, is: (id) => id === distribution },
    of: (acl) => distributionsOf(acl, { client, wanted: distribution, signal }),
  };
}

function regional({ client, loadBalancer, signal }: Asked): Places {
  const kinds = loadBalancer === undefined ? KINDS : KINDS.slice(0, 1);
  return {
    kinds: "load balancer, API Gateway or AppSync API",
    own:
      loadBalancer === undefined
        ? null
        : { name: `load balancer ${loadBalancer}`, is: (arn) => arn.endsWith(`:loadbalancer/${loadBalancer}`) },
    of: (acl) => resourcesOf(acl, kinds, { client, signal }),
  };
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
