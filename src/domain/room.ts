import { compareNetworks, parseNetwork } from "./address.ts";
import { WIDEST_PREFIX } from "./widest-prefix.ts";

/** A network that could stand for many entries, and how many. */
export interface DenseNetwork {
  readonly cidr: string;
  readonly entries: number;
}

/**
 * Ranks the widest networks that may be blocked by how many entries each would take the place of, the most first: what
 * to block whole where a firewall is full. Networks with a single entry are left out, and so is what cannot be read.
 *
 * @example
 * densestNetworks(["203.0.113.1", "203.0.113.9", "198.51.100.7"], 3); // [{ cidr: "203.0.113.0/24", entries: 2 }]
 */
export function densestNetworks(addresses: readonly string[], count: number): readonly DenseNetwork[] {
  const entries = new Map<string, number>();
  for (const address of addresses) {
    const network = parseNetwork(address);
    if (!network.ok || network.prefix <= WIDEST_PREFIX[network.family]) continue;
    const wide = parseNetwork(
      `${network.cidr.slice(0, network.cidr.lastIndexOf("/"))}/${WIDEST_PREFIX[network.family]}`,
    );
    if (wide.ok) entries.set(wide.cidr, (entries.get(wide.cidr) ?? 0) + 1);
  }
  return [...entries]
    .filter(([, held]) => held > 1)
    .sort(([a, heldA], [b, heldB]) => heldB - heldA || compareNetworks(a, b))
    .slice(0, count)
    .map(([cidr, held]) => ({ cidr, entries: held }));
}
