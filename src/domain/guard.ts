import { contains, formatNetwork, type Network, parseNetwork, sortNetworks } from "./address.ts";
import { indexNetworks, type NetworkIndex } from "./network-index.ts";
import { WIDEST_PREFIX } from "./widest-prefix.ts";

export const GUARD_RULES = [
  "invalid",
  "unspecified",
  "loopback",
  "private",
  "shared-nat",
  "link-local",
  "multicast",
  "reserved",
  "everything",
  "too-wide",
  "never-block",
  "never-block-unreadable",
  "own",
  "monitoring",
  "health-checker",
  "cdn",
  "proxy",
  "crawler",
  "slack",
  "ingress",
  "approver",
] as const;
/** Static labels that never change. */
export type GuardRule = (typeof GUARD_RULES)[number];

export interface GuardRefusal {
  /** As it was given. */
  readonly address: string;
  readonly rule: GuardRule;
  /** One sentence that names the address, and what is in the way. */
  readonly reason: string;
}

export interface GuardResult {
  /** Canonical, sorted, without duplicates. */
  readonly allowed: readonly string[];
  /** In the order given; a block may go ahead only where this is empty. */
  readonly refused: readonly GuardRefusal[];
}

/** A network that must go on being let in, and why. */
export interface GuardedRange {
  readonly cidr: string;
  readonly rule: RangeRule;
  /** Whose it is, to stand in a sentence: "CloudFront", "the office". */
  readonly whose: string;
}

export type RangeRule = Exclude<
  GuardRule,
  | "invalid"
  | "unspecified"
  | "loopback"
  | "private"
  | "shared-nat"
  | "link-local"
  | "multicast"
  | "reserved"
  | "everything"
  | "too-wide"
  | "never-block"
  | "never-block-unreadable"
>;

/**
 * Networks in which no client of a public site can be.
 *
 * The documentation ranges (192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24,
 * 2001:db8::/32) are left out on purpose: blocking them harms nobody, and
 * rehearsals need addresses.
 *
 * @source IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890)
 */
const GUARDED: readonly { readonly cidr: string; readonly rule: GuardRule; readonly what: string }[] = [
  { cidr: "0.0.0.0/8", rule: "unspecified", what: "“this network”" },
  { cidr: "10.0.0.0/8", rule: "private", what: "private network" },
  { cidr: "172.16.0.0/12", rule: "private", what: "private network" },
  { cidr: "192.168.0.0/16", rule: "private", what: "private network" },
  { cidr: "100.64.0.0/10", rule: "shared-nat", what: "carrier-grade NAT" },
  { cidr: "127.0.0.0/8", rule: "loopback", what: "loopback" },
  { cidr: "169.254.0.0/16", rule: "link-local", what: "link-local" },
  { cidr: "192.0.0.0/24", rule: "reserved", what: "reserved" },
  { cidr: "198.18.0.0/15", rule: "reserved", what: "benchmarking" },
  { cidr: "224.0.0.0/4", rule: "multicast", what: "multicast" },
  { cidr: "240.0.0.0/4", rule: "reserved", what: "reserved" },
  { cidr: "::/128", rule: "unspecified", what: "unspecified" },
  { cidr: "::1/128", rule: "loopback", what: "loopback" },
  { cidr: "fc00::/7", rule: "private", what: "unique local" },
  { cidr: "fe80::/10", rule: "link-local", what: "link-local" },
  { cidr: "ff00::/8", rule: "multicast", what: "multicast" },
];

/** The only IPv6 addresses handed out so far; all else is reserved. */
const IPV6_UNICAST = "2000::/3";

/**
 * Decides which addresses may be blocked at all; asked before a block is proposed and again before it is applied.
 *
 * A network is refused where it overlaps a guarded one, whichever of the two is
 * wider. An entry of `neverBlock` or `ranges` that cannot be read refuses everything: it
 * may stand for any address.
 *
 * @param input.ranges what else is guarded; the same array again is not indexed again
 * @param input.overridden guards that those who approved it override; every other one is asked all the same
 *
 * @example
 * guardBlock({ addresses: ["198.51.100.14", "10.0.0.1"], neverBlock: [] });
 * // { allowed: ["198.51.100.14/32"], refused: [{ address: "10.0.0.1", rule: "private", … }] }
 */
export function guardBlock(input: {
  readonly addresses: readonly string[];
  readonly neverBlock: readonly string[];
  readonly ranges?: readonly GuardedRange[];
  readonly overridden?: readonly GuardRule[];
}): GuardResult {
  const { overridden = [] } = input;
  const allowed: string[] = [];
  const refused: GuardRefusal[] = [];
  const guards = { neverBlock: indexed(input.neverBlock), ranges: indexed(input.ranges ?? NO_RANGES) };
  for (const address of input.addresses) {
    const network = parseNetwork(address);
    const objection = network.ok
      ? objectionTo(network, guards, overridden)
      : { rule: "invalid" as const, reason: `${capitalise(network.reason)}.` };
    if (objection !== null) refused.push({ address, ...objection });
    else if (network.ok) allowed.push(network.cidr);
  }
  return { allowed: sortNetworks(allowed), refused };
}

type Entry = Pick<GuardedRange, "cidr"> & Partial<GuardedRange>;

interface Indexed {
  readonly index: NetworkIndex<Entry>;
  /** The first that cannot be read. */
  readonly unreadable: string | null;
}

const NO_RANGES: readonly GuardedRange[] = [];
const indexes = new WeakMap<readonly unknown[], Indexed>();

/** Thousands of ranges are asked about thousands of addresses; their lists change with the configuration only. */
function indexed(list: readonly (string | GuardedRange)[]): Indexed {
  const known = indexes.get(list);
  if (known !== undefined) return known;
  const entries = list.map((entry) => (typeof entry === "string" ? { cidr: entry } : entry));
  const unreadable = entries.find(({ cidr }) => !parseNetwork(cidr).ok)?.cidr ?? null;
  const made = { index: indexNetworks<Entry>(entries), unreadable };
  indexes.set(list, made);
  return made;
}

interface Guards {
  readonly neverBlock: Indexed;
  readonly ranges: Indexed;
}

type Objection = Omit<GuardRefusal, "address">;

/** In the order in which they are asked; the first that objects gives the reason. */
const RULES: readonly ((network: Network, guards: Guards) => Objection | null)[] = [
  insideGuarded,
  everything,
  aroundGuarded,
  (_, guards) => unreadable(guards),
  onNeverBlock,
  inRanges,
  tooWide,
];

function objectionTo(network: Network, guards: Guards, overridden: readonly GuardRule[]): Objection | null {
  for (const rule of RULES) {
    const objection = rule(network, guards);
    if (objection !== null && !overridden.includes(objection.rule)) return objection;
  }
  return null;
}

const GUARDED_INDEX = indexNetworks(GUARDED);
const UNICAST_INDEX = indexNetworks([{ cidr: IPV6_UNICAST }]);

function insideGuarded(network: Network): Objection | null {
  const { cidr, family } = network;
  const range = GUARDED_INDEX.overlapping(network);
  if (range !== null && contains(range.cidr, cidr)) {
    return {
      rule: range.rule,
      reason: `${formatNetwork(cidr)} is in ${formatNetwork(range.cidr)} (${range.what}), where no visitor's address can be.`,
    };
  }
  if (family === 6 && UNICAST_INDEX.overlapping(network) === null) {
    return {
      rule: "reserved",
      reason: `${formatNetwork(cidr)} is outside ${IPV6_UNICAST}, and so is no visitor's address.`,
    };
  }
  return null;
}

function everything({ cidr, prefix }: Network): Objection | null {
  return prefix === 0 ? { rule: "everything", reason: `${cidr} is every address there is.` } : null;
}

function aroundGuarded(network: Network): Objection | null {
  const range = GUARDED_INDEX.overlapping(network);
  return range === null
    ? null
    : {
        rule: range.rule,
        reason: `${formatNetwork(network.cidr)} takes in ${formatNetwork(range.cidr)} (${range.what}), which is never blocked.`,
      };
}

function tooWide({ cidr, family, prefix }: Network): Objection | null {
  const widest = WIDEST_PREFIX[family];
  return prefix >= widest
    ? null
    : { rule: "too-wide", reason: `${cidr} is wider than /${widest}, the widest IPv${family} network allowed.` };
}

function unreadable({ neverBlock, ranges }: Guards): Objection | null {
  const entry = neverBlock.unreadable ?? ranges.unreadable;
  if (entry === null) return null;
  return {
    rule: "never-block-unreadable",
    reason: `Nothing is blocked while the never-block entry "${entry}" cannot be read as an address or network.`,
  };
}

function onNeverBlock(network: Network, { neverBlock }: Guards): Objection | null {
  const entry = neverBlock.index.overlapping(network);
  if (entry === null) return null;
  return {
    rule: "never-block",
    reason: `${formatNetwork(network.cidr)} overlaps ${formatNetwork(entry.cidr)}, which is on the service's never-block list.`,
  };
}

function inRanges(network: Network, { ranges }: Guards): Objection | null {
  const range = ranges.index.overlapping(network) as GuardedRange | null;
  if (range === null) return null;
  const what = `${formatNetwork(network.cidr)} overlaps ${formatNetwork(range.cidr)}`;
  return { rule: range.rule, reason: `${what}, ${WHAT_IT_IS[range.rule](range.whose)}` };
}

/** How to block a client whose requests come through somebody else's addresses. */
const BEHIND_A_PROXY =
  "To block who is behind it, name it in `trustedProxies` of the service's logs, so that the client is read from X-Forwarded-For, and have the web ACL's rule look there too (`FORWARDED_IP`).";

const WHAT_IT_IS: Readonly<Record<RangeRule, (whose: string) => string>> = {
  own: (whose) => `which is our own: ${whose}.`,
  monitoring: (whose) => `from where the site is watched: ${whose}. Without it the site seems down.`,
  "health-checker": (whose) => `from where health is checked: ${whose}. Without it traffic is sent elsewhere.`,
  cdn: (whose) =>
    `which belongs to ${whose}: the log shows the CDN's address, and a block there cuts off everybody who comes through it. ${BEHIND_A_PROXY}`,
  proxy: (whose) => `which is a proxy of ours (${whose}): everybody comes through it. ${BEHIND_A_PROXY}`,
  crawler: (whose) => `from where a search engine reads the site: ${whose}. Slow it down in robots.txt, or there.`,
  slack: (whose) => `from where Slack calls us: ${whose}. Without it no button works.`,
  ingress: (whose) => `over which Spillway itself is reached: ${whose}.`,
  approver: (whose) => `from where somebody who approves works: ${whose}.`,
};

function capitalise(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
