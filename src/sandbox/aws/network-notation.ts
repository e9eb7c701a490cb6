import ipaddr from "ipaddr.js";

/**
 * Gives a network as AWS WAF gives it back: IPv6 written out in full. Null for what WAF does not take:
 * no prefix, the wrong family, a prefix of 0, or bits set beyond the prefix.
 */
export function wafNotation(network: string, family: "IPV4" | "IPV6"): string | null {
  if (!ipaddr.isValidCIDR(network)) return null;
  const [address, prefix] = ipaddr.parseCIDR(network);
  const isRightFamily = address.kind() === (family === "IPV4" ? "ipv4" : "ipv6");
  if (!isRightFamily || prefix === 0 || !isNetworkAddress(address, prefix)) return null;
  return `${address instanceof ipaddr.IPv6 ? inFull(address) : address.toString()}/${prefix}`;
}

function isNetworkAddress(address: ipaddr.IPv4 | ipaddr.IPv6, prefix: number): boolean {
  return address.toByteArray().every((byte, index) => {
    const keptBits = Math.min(Math.max(prefix - index * 8, 0), 8);
    return (byte & (0xff >> keptBits)) === 0;
  });
}

function inFull(address: ipaddr.IPv6): string {
  return address.parts.map((part) => part.toString(16).padStart(4, "0")).join(":");
}
