/** Asking whether something may be blocked: the same for commands and for jobs. */
import type { Config } from "./config.ts";
import { contains, formatNetwork } from "./domain/address.ts";
import {
  type AddressNames,
  type CheckedCrawler,
  checkCrawler,
  isBelowDomain,
  isForwardConfirmed,
  KNOWN_CRAWLERS,
} from "./domain/crawlers.ts";
import { type GuardedRange, type GuardRefusal, type GuardRule, guardBlock, type RangeRule } from "./domain/guard.ts";
import { type PublishedList, rangesOfLists } from "./domain/published-ranges.ts";
import type { Ports } from "./ports.ts";

/** Says of which addresses a rule forbids the block; empty where they may be blocked, as far as it is known without asking. */
export function refusedFor(
  service: string,
  addresses: readonly string[],
  ports: Pick<Ports, "config" | "publishedLists">,
  /** Guards that those who approved it override. */
  overridden: readonly GuardRule[] = [],
): readonly GuardRefusal[] {
  const neverBlock = ports.config.services[service]?.neverBlock ?? NONE;
  return guardBlock({ addresses, neverBlock, ranges: rangesFor(service, ports), overridden }).refused;
}

const NONE: readonly string[] = [];

/** For each list that is known, what it and the configuration guard together, by service. */
const known = new WeakMap<readonly PublishedList[], WeakMap<Config, Map<string, readonly GuardedRange[]>>>();

/** Gives every network that no block of a service may hit, but for its own never-block list. */
export function rangesFor(
  service: string,
  { config, publishedLists }: Pick<Ports, "config" | "publishedLists">,
): readonly GuardedRange[] {
  const lists = publishedLists();
  const ofLists = known.get(lists) ?? new WeakMap<Config, Map<string, readonly GuardedRange[]>>();
  known.set(lists, ofLists);
  const ofConfig = ofLists.get(config) ?? new Map<string, readonly GuardedRange[]>();
  ofLists.set(config, ofConfig);
  const ranges = ofConfig.get(service) ?? [...configuredRanges(service, config), ...rangesOfLists(lists)];
  ofConfig.set(service, ranges);
  return ranges;
}

function configuredRanges(service: string, { services, guards }: Config): readonly GuardedRange[] {
  const as = (rule: RangeRule, whose: string, cidrs: readonly string[]) => cidrs.map((cidr) => ({ cidr, rule, whose }));
  return [
    ...as("own", "`guards.own`", guards.own),
    ...as("monitoring", "`guards.monitoring`", guards.monitoring),
    ...as("health-checker", "`guards.healthCheckers`", guards.healthCheckers),
    ...as("slack", "`guards.slack`", guards.slack),
    ...as("ingress", "`guards.ingress`", guards.ingress),
    ...Object.entries(guards.approvers).flatMap(([id, cidrs]) => as("approver", `Slack user ${id}`, cidrs)),
    ...as("proxy", "`trustedProxies`", services[service]?.logs?.trustedProxies ?? []),
  ];
}

/** People wait for the answer, and whoever owns an address can make its names slow. */
const ANSWER_WITHIN_MS = 2_000;

/**
 * Says which single addresses are a search engine's crawler for certain: their name is below one of its domains, and
 * leads back to them. Where DNS does not answer in 2 s nothing is said against a block; networks are not asked about.
 */
export async function crawlersAmong(
  addresses: readonly string[],
  { resolver, log }: Pick<Ports, "resolver" | "log">,
): Promise<readonly GuardRefusal[]> {
  const single = addresses.filter((cidr) => /^[\d.]+\/32$|:.*\/128$/.test(cidr));
  const found = await Promise.all(
    single.map(async (cidr) => {
      const address = formatNetwork(cidr);
      const names = await askedNames(address, { resolver, log });
      return names === null ? null : crawlerNamed(address, names);
    }),
  );
  return single.flatMap((address, i) => {
    const name = found[i];
    return name == null ? [] : [{ address, rule: "crawler", reason: crawlerReason(address, name) } as const];
  });
}

/**
 * Addresses for documentation are nobody's, so DNS knows none of them; rehearsals should ask nobody.
 *
 * @source RFC 5737 and RFC 3849
 */
const DOCUMENTATION = ["192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "2001:db8::/32"];

function isSomebodys(cidr: string): boolean {
  return !DOCUMENTATION.some((network) => contains(network, cidr));
}

function crawlerReason(address: string, name: string): string {
  return `${formatNetwork(address)} is ${name}, as DNS confirms: a block takes the site out of its search. Slow it down in robots.txt, or there.`;
}

function crawlerNamed(address: string, names: Names): string | null {
  return KNOWN_CRAWLERS.find(({ domains }) => isForwardConfirmed({ address, ...names, domains }))?.name ?? null;
}

type Names = Omit<AddressNames, "address">;

/** Where its names lead to is asked only of those that a crawler could have. */
async function namesOf(address: string, resolver: Ports["resolver"]): Promise<Names> {
  const names = await resolver.reverse(address);
  const known = names.filter((name) =>
    KNOWN_CRAWLERS.some(({ domains }) => domains.some((domain) => isBelowDomain(name, domain))),
  );
  const leadsTo = await Promise.all(known.map(async (name) => [name, await resolver.forward(name)] as const));
  return { names, addressesOfNames: Object.fromEntries(leadsTo) };
}

/**
 * Tells which of these clients are a search engine's crawler, whatever they say, and of those that say so whether they
 * are: by the lists that crawlers' owners publish, then by DNS. Who is none and does not say so is left out.
 */
export async function checkCrawlers(
  clients: readonly { readonly address: string; readonly claims: string | null }[],
  { ranges, resolver, log }: Pick<Ports, "resolver" | "log"> & { readonly ranges: readonly GuardedRange[] },
): Promise<readonly CheckedCrawler[]> {
  const published = ranges.filter(({ rule }) => rule === "crawler");
  const checked = await Promise.all(
    clients.map(async ({ address, claims }): Promise<CheckedCrawler | null> => {
      const range = published.find(({ cidr }) => contains(cidr, address));
      if (range !== undefined) return { address, name: range.whose, check: "verified", toldBy: "published" };
      const dns = await askedNames(address, { resolver, log });
      const name = dns === null ? null : crawlerNamed(address, dns);
      if (name !== null) return { address, name, check: "verified", toldBy: "dns" };
      if (claims === null) return null;
      const check = checkCrawler({ name: claims, address, ranges: [], dns });
      return { address, name: claims, check, toldBy: check === "cannot-tell" ? null : "dns" };
    }),
  );
  return checked.filter((each) => each !== null);
}

/** Null where there is nobody to ask about, or no answer in time. */
async function askedNames(address: string, { resolver, log }: Pick<Ports, "resolver" | "log">): Promise<Names | null> {
  if (!isSomebodys(address)) return null;
  return within(ANSWER_WITHIN_MS, namesOf(address, resolver)).catch((error: unknown) => {
    log.info({ reason: String(error) }, "dns did not say whether an address is a crawler");
    return null;
  });
}

async function within<Answer>(limitMs: number, answer: Promise<Answer>): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${limitMs} ms`)), limitMs);
  });
  return Promise.race([answer, tooLate]).finally(() => clearTimeout(timer));
}
