import { parseNetwork } from "../address.ts";

/** How much of an address: bits of the prefix. IPv4 has 16, 24 and 32, IPv6 32, 48 and 64. */
export type NetworkLevel = 16 | 24 | 32 | 48 | 64;

const PLAIN_IPV4 = /^(?:(?:0|[1-9]\d?|1\d\d|2[0-4]\d|25[0-5])(?:\.|$)){4}$/;
const LEVELS: Readonly<Record<4 | 6, readonly NetworkLevel[]>> = {
  4: [32, 24, 16],
  // A household or a machine has a whole /64, from which privacy extensions take a new address every day.
  6: [64, 48, 32],
};

/**
 * Gives the networks that an address is in, the narrowest first, as canonical CIDRs; none for what is no address.
 *
 * @source RFC 8981 for why an IPv6 client is its /64; RFC 6177 for /48 as what a site gets
 * @example
 * networksOf("198.51.100.7").map(({ network }) => network); // ["198.51.100.7/32", "198.51.100.0/24", "198.51.0.0/16"]
 * networksOf("2001:db8:1:2::3").map(({ network }) => network);
 * // ["2001:db8:1:2::/64", "2001:db8:1::/48", "2001:db8::/32"]
 */
export function networksOf(address: string): readonly { readonly level: NetworkLevel; readonly network: string }[] {
  // Nearly every client is this, and there may be a million of them.
  if (PLAIN_IPV4.test(address) && !address.endsWith(".")) return networksOfIpv4(address);
  const parsed = parseNetwork(address);
  if (!parsed.ok || parsed.prefix !== (parsed.family === 4 ? 32 : 128)) return [];
  const bare = parsed.cidr.slice(0, parsed.cidr.lastIndexOf("/"));
  return LEVELS[parsed.family].flatMap((level) => {
    const network = parseNetwork(`${bare}/${level}`);
    return network.ok ? [{ level, network: network.cidr }] : [];
  });
}

function networksOfIpv4(address: string): ReturnType<typeof networksOf> {
  const narrow = address.slice(0, address.lastIndexOf("."));
  const wide = narrow.slice(0, narrow.lastIndexOf("."));
  return [
    { level: 32, network: `${address}/32` },
    { level: 24, network: `${narrow}.0/24` },
    { level: 16, network: `${wide}.0.0/16` },
  ];
}
