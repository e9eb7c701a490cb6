import { parseNetwork } from "../domain/address.ts";
import { UserError } from "../errors.ts";

/** What shall be in a set, or not be. Networks are canonical. */
export interface IpSetEdit {
  readonly kind: "add" | "remove";
  readonly networks: readonly string[];
}

/**
 * @source https://docs.aws.amazon.com/waf/latest/developerguide/limits.html
 * "Maximum number of IP addresses in CIDR notation per IP set"; it cannot be raised.
 */
export const MAX_NETWORKS_IN_SET = 10_000;

export interface MergedEdit {
  /** The whole new list. */
  readonly addresses: readonly string[];
  /** What comes in or goes out; empty where all is so already. */
  readonly changed: readonly string[];
}

/** Merges an edit into what a set holds. Entries that the edit does not name stay, spelled as they were. */
export function mergeEdit(held: readonly string[], edit: IpSetEdit): MergedEdit {
  const heldNetworks = new Set(held.map(canonical));
  switch (edit.kind) {
    case "add": {
      const changed = [...new Set(edit.networks)].filter((network) => !heldNetworks.has(network));
      return { addresses: [...held, ...changed], changed };
    }
    case "remove": {
      const removed = new Set(edit.networks);
      const changed = [...removed].filter((network) => heldNetworks.has(network));
      return { addresses: held.filter((address) => !removed.has(canonical(address))), changed };
    }
  }
}

/** AWS writes IPv6 in full (2001:0db8:0000:…); what cannot be read is left as it is. */
export function canonical(address: string): string {
  const network = parseNetwork(address);
  return network.ok ? network.cidr : address;
}

/**
 * Sorts what is to be blocked into the two families.
 *
 * @throws {UserError} `firewall-address-invalid`
 */
export function networksByFamily(addresses: readonly string[]): Readonly<Record<4 | 6, readonly string[]>> {
  const families: Record<4 | 6, string[]> = { 4: [], 6: [] };
  for (const address of addresses) {
    const network = parseNetwork(address);
    if (!network.ok) throw new UserError("firewall-address-invalid", `Nothing was changed: ${network.reason}.`);
    if (network.prefix === 0) {
      throw new UserError(
        "firewall-address-invalid",
        `Nothing was changed: ${address} is everybody, which AWS WAF takes in no IP set.`,
      );
    }
    families[network.family].push(network.cidr);
  }
  return families;
}
