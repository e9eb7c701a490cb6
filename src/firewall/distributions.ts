import {
  type CloudFrontClient,
  ListDistributionsByWebACLIdCommand,
  ListDistributionTenantsByCustomizationCommand,
} from "@aws-sdk/client-cloudfront";
import { callAws } from "../aws.ts";
import type { WebAcl } from "./web-acls.ts";

interface Page {
  /** Of distributions that are enabled. */
  readonly ids: readonly string[];
  readonly next: string | undefined;
}

/**
 * Gives the ids of distributions that are enabled and use a web ACL for themselves; where that is none, or not the one
 * that is wanted, also those that use it for a tenant of theirs. Only CloudFront knows: AWS WAF does not say what of it
 * uses which web ACL.
 */
export async function distributionsOf(
  { name, arn }: WebAcl,
  asked: {
    readonly client: CloudFrontClient;
    readonly wanted: string | undefined;
    readonly signal: AbortSignal | undefined;
  },
): Promise<readonly string[]> {
  const { client, wanted, signal } = asked;
  const options = signal && { abortSignal: signal };
  const doing = `read which distributions use web ACL ${name}`;
  const own = await pages(async (Marker) => {
    const command = new ListDistributionsByWebACLIdCommand({ WebACLId: arn, Marker });
    const call = { doing, permission: "cloudfront:ListDistributionsByWebACLId" };
    const { DistributionList: list } = await callAws(call, () => client.send(command, options));
    return { ids: enabled(list?.Items ?? []).flatMap(({ Id = [] }) => Id), next: list?.NextMarker };
  });
  if (wanted === undefined ? own.length > 0 : own.includes(wanted)) return own;
  const tenants = await pages(async (Marker) => {
    const command = new ListDistributionTenantsByCustomizationCommand({ WebACLArn: arn, Marker });
    const call = { doing, permission: "cloudfront:ListDistributionTenantsByCustomization" };
    const { DistributionTenantList: list = [], NextMarker } = await callAws(call, () => client.send(command, options));
    return { ids: enabled(list).flatMap(({ DistributionId = [] }) => DistributionId), next: NextMarker };
  });
  return [...new Set([...own, ...tenants])];
}

function enabled<Item extends { readonly Enabled?: boolean | undefined }>(items: readonly Item[]): readonly Item[] {
  return items.filter(({ Enabled }) => Enabled !== false);
}

async function pages(read: (marker: string | undefined) => Promise<Page>): Promise<readonly string[]> {
  const found: string[] = [];
  let marker: string | undefined;
  do {
    const { ids, next } = await read(marker);
    found.push(...ids);
    marker = next === "" ? undefined : next;
  } while (marker !== undefined);
  return found;
}
