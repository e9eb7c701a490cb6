import { boundsOf, type Network, parseNetwork, sortNetworks } from "./address.ts";
import { WIDEST_PREFIX } from "./widest-prefix.ts";

/**
 * Writes networks as few as can be without taking in one address more: what lies in another goes, and two halves
 * become their whole, up to the widest network that may be blocked.
 *
 * Sorted and canonical; what cannot be read is left out, so check that before.
 *
 * @example
 * aggregateNetworks(["198.51.100.0/25", "198.51.100.128/25", "198.51.100.7"]); // ["198.51.100.0/24"]
 */
export function aggregateNetworks(addresses: readonly string[]): readonly string[] {
  const cidrs = addresses.flatMap((address) => {
    const network = parseNetwork(address);
    return network.ok ? [network.cidr] : [];
  });
  const kept: Placed[] = [];
  for (const cidr of sortNetworks(cidrs)) {
    const network = parseNetwork(cidr) as Network;
    let next: Placed = { ...network, ...boundsOf(network) };
    const before = kept.at(-1);
    if (before !== undefined && before.family === next.family && before.last >= next.last) continue;
    for (let half = kept.at(-1); half !== undefined && areHalves(half, next); half = kept.at(-1)) {
      kept.pop();
      next = wholeOf(half);
    }
    kept.push(next);
  }
  return kept.map(({ cidr }) => cidr);
}

interface Placed extends Network {
  readonly first: bigint;
  readonly last: bigint;
}

function areHalves(left: Placed, right: Placed): boolean {
  if (left.family !== right.family || left.prefix !== right.prefix) return false;
  if (left.prefix <= WIDEST_PREFIX[left.family]) return false;
  const size = left.last - left.first + 1n;
  return left.last + 1n === right.first && left.first % (size * 2n) === 0n;
}

function wholeOf({ cidr, family, prefix, first, last }: Placed): Placed {
  const wider = `${cidr.slice(0, cidr.lastIndexOf("/"))}/${prefix - 1}`;
  return { cidr: wider, family, prefix: prefix - 1, first, last: last + (last - first + 1n) };
}
