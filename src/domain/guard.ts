import { contains, type Network, overlaps, parseNetwork, sortNetworks } from "./address.ts";

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

/** A wider block hits people who have nothing to do with the spike. */
const WIDEST_PREFIX = { 4: 24, 6: 48 } as const;

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
 * wider. An entry of `neverBlock` that cannot be read refuses everything: it
 * may stand for any address.
 *
 * @param input.overridden guards that those who approved it override; every other one is asked all the same
 *
 * @example
 * guardBlock({ addresses: ["198.51.100.14", "10.0.0.1"], neverBlock: [] });
 * // { allowed: ["198.51.100.14/32"], refused: [{ address: "10.0.0.1", rule: "private", … }] }
 */
export function guardBlock(input: {
  readonly addresses: readonly string[];
  readonly neverBlock: readonly string[];
  readonly overridden?: readonly GuardRule[];
}): GuardResult {
  const { overridden = [] } = input;
  const allowed: string[] = [];
  const refused: GuardRefusal[] = [];
  for (const address of input.addresses) {
    const network = parseNetwork(address);
    const objection = network.ok
      ? objectionTo(network, input.neverBlock, overridden)
      : { rule: "invalid" as const, reason: `${capitalise(network.reason)}.` };
    if (objection !== null) refused.push({ address, ...objection });
    else if (network.ok) allowed.push(network.cidr);
  }
  return { allowed: sortNetworks(allowed), refused };
}

type Objection = Omit<GuardRefusal, "address">;

function objectionTo(
  network: Network,
  neverBlock: readonly string[],
  overridden: readonly GuardRule[],
): Objection | null {
  const objections = [
    insideGuarded(network),
    everything(network),
    aroundGuarded(network),
    tooWide(network),
    ownAddress(network, neverBlock),
  ];
  return objections.find((objection) => objection !== null && !overridden.includes(objection.rule)) ?? null;
}

function insideGuarded({ cidr, family }: Network): Objection | null {
  const range = GUARDED.find((guarded) => contains(guarded.cidr, cidr));
  if (range !== undefined) {
    return {
      rule: range.rule,
      reason: `${cidr} is in ${range.cidr} (${range.what}), where no visitor's address can be.`,
    };
  }
  if (family === 6 && !overlaps(IPV6_UNICAST, cidr)) {
    return { rule: "reserved", reason: `${cidr} is outside ${IPV6_UNICAST}, and so is no visitor's address.` };
  }
  return null;
}

function everything({ cidr, prefix }: Network): Objection | null {
  return prefix === 0 ? { rule: "everything", reason: `${cidr} is every address there is.` } : null;
}

function aroundGuarded({ cidr }: Network): Objection | null {
  const range = GUARDED.find((guarded) => contains(cidr, guarded.cidr));
  return range === undefined
    ? null
    : { rule: range.rule, reason: `${cidr} takes in ${range.cidr} (${range.what}), which is never blocked.` };
}

function tooWide({ cidr, family, prefix }: Network): Objection | null {
  const widest = WIDEST_PREFIX[family];
  return prefix >= widest
    ? null
    : { rule: "too-wide", reason: `${cidr} is wider than /${widest}, the widest IPv${family} network allowed.` };
}

function ownAddress({ cidr }: Network, neverBlock: readonly string[]): Objection | null {
  for (const entry of neverBlock) {
    if (!parseNetwork(entry).ok) {
      return {
        rule: "never-block-unreadable",
        reason: `Nothing is blocked while the never-block entry "${entry}" cannot be read as an address or network.`,
      };
    }
    if (overlaps(entry, cidr)) {
      return { rule: "never-block", reason: `${cidr} overlaps ${entry}, which is on the service's never-block list.` };
    }
  }
  return null;
}

function capitalise(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
