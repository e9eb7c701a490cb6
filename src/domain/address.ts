import ipaddr from "ipaddr.js";

/** A network in its one canonical spelling; a single address is a network of one. */
export interface Network {
  /** No host bits set, IPv6 as in RFC 5952: "198.51.100.7/32", "2001:db8::/48". */
  readonly cidr: string;
  readonly family: 4 | 6;
  readonly prefix: number;
}

export type ParsedNetwork = ({ readonly ok: true } & Network) | { readonly ok: false; readonly reason: string };

/**
 * Reads an address or a network as a person, a log or a firewall spells it.
 *
 * IPv4 written inside IPv6 (`::ffff:198.51.100.7`) becomes IPv4, host bits are
 * cleared, and short or octal forms (`10.1`, `0127.0.0.1`) are refused: programs
 * disagree about what those mean.
 *
 * @example
 * parseNetwork("198.51.100.7");    // { ok: true, cidr: "198.51.100.7/32", family: 4, prefix: 32 }
 * parseNetwork("2001:DB8::1/48");  // { ok: true, cidr: "2001:db8::/48", family: 6, prefix: 48 }
 */
export function parseNetwork(text: string): ParsedNetwork {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  const network = readNetwork(text);
  if (parsed.size >= MAX_PARSED) parsed.clear();
  // What somebody else writes may be of any length.
  if (text.length <= MAX_TEXT) parsed.set(text, network);
  return network;
}

/** The ten thousand entries of a full set are held against blocks, guards and each other, each time by their text. */
const parsed = new Map<string, ParsedNetwork>();
const MAX_PARSED = 50_000;
const MAX_TEXT = 60;

function readNetwork(text: string): ParsedNetwork {
  const trimmed = text.trim();
  if (trimmed === "") return { ok: false, reason: "an address is missing" };
  const [addressText = "", prefixText, ...rest] = trimmed.split("/");
  const address = parseAddress(addressText);
  if (address === null || rest.length > 0) {
    return {
      ok: false,
      reason: `"${shorten(trimmed)}" is not an address or network such as 198.51.100.7, 198.51.100.0/24 or 2001:db8::/48`,
    };
  }
  const bits = address.kind() === "ipv4" ? 32 : 128;
  if (prefixText === undefined) return toNetwork(address, bits);
  const prefix = /^\d{1,3}$/.test(prefixText) ? Number(prefixText) : Number.NaN;
  if (!(prefix <= bits)) {
    return {
      ok: false,
      reason: `"${shorten(trimmed)}" has the prefix /${shorten(prefixText)}; IPv${bits === 32 ? 4 : 6} allows /0 to /${bits}`,
    };
  }
  return toNetwork(address, prefix);
}

/** Writes a canonical network for people: a single address without its prefix length. */
export function formatNetwork(cidr: string): string {
  return cidr.replace(/(?<=\..*)\/32$|(?<=:.*)\/128$/, "");
}

/** Names canonical networks for people, in their order: "198.51.100.7, 203.0.113.0/24". */
export function formatNetworks(cidrs: readonly string[]): string {
  return cidrs.map(formatNetwork).join(", ");
}

/** Tells whether every address of `inner` is in `outer`; false where one of them cannot be read. */
export function contains(outer: string, inner: string): boolean {
  const [a, b] = [parseNetwork(outer), parseNetwork(inner)];
  return a.ok && b.ok && a.prefix <= b.prefix && sharePrefix(a, b);
}

/** Tells whether two networks have an address in common; false where one of them cannot be read. */
export function overlaps(left: string, right: string): boolean {
  const [a, b] = [parseNetwork(left), parseNetwork(right)];
  return a.ok && b.ok && sharePrefix(a, b);
}

/** Orders canonical networks: IPv4 before IPv6, by address, the wider of two first. */
export function compareNetworks(left: string, right: string): number {
  const [a, b] = [parseNetwork(left), parseNetwork(right)];
  if (!a.ok || !b.ok) return left < right ? -1 : Number(left > right);
  if (a.family !== b.family) return a.family - b.family;
  const [aBytes, bBytes] = [bytesOf(a), bytesOf(b)];
  const differing = aBytes.findIndex((byte, index) => byte !== bBytes[index]);
  if (differing >= 0) return (aBytes[differing] ?? 0) - (bBytes[differing] ?? 0);
  return a.prefix - b.prefix;
}

/** Sorts canonical networks and drops duplicates; what a `BlockChange` holds. */
export function sortNetworks(cidrs: readonly string[]): readonly string[] {
  const placed = [...new Set(cidrs)].map((cidr) => {
    const network = parseNetwork(cidr);
    return {
      cidr,
      place: network.ok ? { family: network.family, prefix: network.prefix, ...boundsOf(network) } : null,
    };
  });
  return placed
    .sort((a, b) =>
      a.place === null || b.place === null
        ? compareNetworks(a.cidr, b.cidr)
        : a.place.family - b.place.family ||
          (a.place.first === b.place.first ? a.place.prefix - b.place.prefix : a.place.first < b.place.first ? -1 : 1),
    )
    .map(({ cidr }) => cidr);
}

/**
 * Gives the first and the last address of a network as numbers, so that many can be searched and joined.
 *
 * @example
 * boundsOf({ cidr: "0.0.1.0/24", family: 4, prefix: 24 }); // { first: 256n, last: 511n }
 */
export function boundsOf(network: Network): { readonly first: bigint; readonly last: bigint } {
  const known = bounds.get(network);
  if (known !== undefined) return known;
  const hex = bytesOf(network).map((byte) => byte.toString(16).padStart(2, "0"));
  const first = BigInt(`0x${hex.join("")}`);
  const bits = network.family === 4 ? 32 : 128;
  const found = { first, last: first + (1n << BigInt(bits - network.prefix)) - 1n };
  bounds.set(network, found);
  return found;
}

const bounds = new WeakMap<Network, { readonly first: bigint; readonly last: bigint }>();

type Address = ipaddr.IPv4 | ipaddr.IPv6;

function parseAddress(text: string): Address | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text);
  // A zone such as fe80::1%eth0 names an interface of one machine, which says nothing here.
  if (!text.includes(":") || text.includes("%")) return null;
  try {
    return ipaddr.IPv6.parse(text);
  } catch {
    return null;
  }
}

function toNetwork(address: Address, prefix: number): ParsedNetwork {
  if (address.kind() === "ipv6") {
    const v6 = address as ipaddr.IPv6;
    if (v6.isIPv4MappedAddress() && prefix >= 96) return toNetwork(v6.toIPv4Address(), prefix - 96);
    const network = new ipaddr.IPv6(withoutHostBits(v6.toByteArray(), prefix));
    return { ok: true, cidr: `${network.toRFC5952String()}/${prefix}`, family: 6, prefix };
  }
  return { ok: true, cidr: `${withoutHostBits(address.toByteArray(), prefix).join(".")}/${prefix}`, family: 4, prefix };
}

function withoutHostBits(bytes: readonly number[], prefix: number): number[] {
  return bytes.map((byte, index) => byte & (0xff << (8 - Math.min(8, Math.max(0, prefix - index * 8)))) & 0xff);
}

function sharePrefix(a: Network, b: Network): boolean {
  if (a.family !== b.family) return false;
  const bits = Math.min(a.prefix, b.prefix);
  const [aBytes, bBytes] = [bytesOf(a), bytesOf(b)];
  return aBytes.every((byte, index) => {
    const kept = Math.min(8, Math.max(0, bits - index * 8));
    const mask = (0xff << (8 - kept)) & 0xff;
    return (byte & mask) === ((bBytes[index] ?? 0) & mask);
  });
}

/** Of a canonical network, whose text needs no reading with care: a firewall holds ten thousand of them. */
function bytesOf({ cidr, family }: Network): readonly number[] {
  const address = cidr.slice(0, cidr.lastIndexOf("/"));
  if (family === 4) return address.split(".").map(Number);
  const [head = "", tail = ""] = address.split("::");
  const [before, after] = [head, tail].map((part) => (part === "" ? [] : part.split(":"))) as [string[], string[]];
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => "0");
  return [...before, ...zeros, ...after].flatMap((word) => {
    const value = Number.parseInt(word, 16);
    return [value >> 8, value & 0xff];
  });
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
