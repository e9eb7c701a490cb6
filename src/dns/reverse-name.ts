import ipaddr from "ipaddr.js";

/**
 * Gives the name under which DNS keeps the names of an address; null for what is no address.
 *
 * @source RFC 1035, section 3.5 (IPv4) and RFC 3596, section 2.5 (IPv6)
 * @example
 * reverseName("192.0.2.1"); // "1.2.0.192.in-addr.arpa"
 */
export function reverseName(address: string): string | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) {
    return `${address.split(".").reverse().join(".")}.in-addr.arpa`;
  }
  if (!ipaddr.IPv6.isValid(address) || address.includes("%")) return null;
  const hex = ipaddr.IPv6.parse(address)
    .toByteArray()
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
  return `${[...hex].reverse().join(".")}.ip6.arpa`;
}
