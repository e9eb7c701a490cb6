import { contains, parseNetwork } from "./address.ts";

/** A search engine's crawler that can be verified, and how. */
export interface KnownCrawler {
  /** As `claimedCrawler` names it. */
  readonly name: string;
  /** What its host names end with; empty where it publishes its addresses alone. */
  readonly domains: readonly string[];
  /** Some of its real names lead nowhere, so that one which does proves nothing. */
  readonly namesMayLeadNowhere?: true;
  /** Where its owner says so. */
  readonly source: string;
}

const GOOGLE = {
  domains: ["googlebot.com", "google.com"],
  source: "https://developers.google.com/search/docs/crawling-indexing/verifying-googlebot",
};

/** Crawlers whose owners say how to tell them from whoever only takes their name. */
export const KNOWN_CRAWLERS: readonly KnownCrawler[] = [
  { name: "Googlebot", ...GOOGLE },
  { name: "AdsBot-Google", ...GOOGLE },
  { name: "GoogleOther", ...GOOGLE },
  { name: "Storebot-Google", ...GOOGLE },
  {
    name: "bingbot",
    domains: ["search.msn.com"],
    source: "https://www.bing.com/webmasters/help/how-to-verify-bingbot-3905dc26",
  },
  { name: "Applebot", domains: ["applebot.apple.com"], source: "https://support.apple.com/en-us/119829" },
  {
    name: "DuckDuckBot",
    domains: [],
    source: "https://duckduckgo.com/duckduckgo-help-pages/results/duckduckbot",
  },
  {
    name: "YandexBot",
    domains: ["yandex.ru", "yandex.net", "yandex.com"],
    source: "https://yandex.com/support/webmaster/robot-workings/check-yandex-robots.html",
  },
  {
    name: "Baiduspider",
    domains: ["baidu.com", "baidu.jp"],
    namesMayLeadNowhere: true,
    source: "https://help.baidu.com/question?prod_id=99",
  },
  {
    name: "SeznamBot",
    domains: ["seznam.cz"],
    source: "https://o-seznam.cz/napoveda/vyhledavani/en/seznambot-crawler/",
  },
  { name: "PetalBot", domains: ["petalsearch.com"], source: "https://aspiegel.com/petalbot" },
];

/** Tells whether a host name is a domain or below it, label by label: `evilgooglebot.com` is not below `googlebot.com`. */
export function isBelowDomain(name: string, domain: string): boolean {
  const [labels, suffix] = [labelsOf(name), labelsOf(domain)];
  const isLonger = suffix.length > 0 && labels.length >= suffix.length;
  return isLonger && suffix.every((label, i) => label === labels[labels.length - suffix.length + i]);
}

/** The dot at the end of a whole name says only that it is whole. */
function labelsOf(name: string): readonly string[] {
  const plain = name.toLowerCase().replace(/\.$/, "");
  return plain === "" ? [] : plain.split(".");
}

/** What DNS says of an address. */
export interface AddressNames {
  readonly address: string;
  /** The names that its reverse lookup gives; anybody can write anything there. */
  readonly names: readonly string[];
  /** What each of these names leads to; a name that is not there leads nowhere. */
  readonly addressesOfNames: Readonly<Record<string, readonly string[]>>;
}

/**
 * Tells whether an address has a name below one of these domains that leads back to the address: only who owns the
 * domain can bring that about. Spellings of one address (of IPv6, say) count as the same.
 *
 * @example
 * isForwardConfirmed({
 *   address: "66.249.66.1",
 *   names: ["crawl-66-249-66-1.googlebot.com"],
 *   addressesOfNames: { "crawl-66-249-66-1.googlebot.com": ["66.249.66.1"] },
 *   domains: ["googlebot.com"],
 * }); // true
 */
export function isForwardConfirmed(asked: AddressNames & { readonly domains: readonly string[] }): boolean {
  const { address, names, addressesOfNames, domains } = asked;
  const leadsBack = (name: string) =>
    Object.hasOwn(addressesOfNames, name) && (addressesOfNames[name] ?? []).some((each) => isSame(each, address));
  return names.some((name) => domains.some((domain) => isBelowDomain(name, domain)) && leadsBack(name));
}

function isSame(left: string, right: string): boolean {
  const [a, b] = [parseNetwork(left), parseNetwork(right)];
  return a.ok && b.ok && a.cidr === b.cidr;
}

/** Tells whether an address is in one of the published ranges; false for what cannot be read. */
export function isInRanges(address: string, ranges: readonly string[]): boolean {
  return ranges.some((range) => contains(range, address));
}

/**
 * What is known of a client that says it is a search engine's crawler.
 *
 * - `verified`: it is; `forged`: DNS says that it is not
 * - `cannot-tell`: neither, since its owner gives no names, DNS did not answer, or the list of ranges is not the newest
 */
export type CrawlerCheck = "verified" | "forged" | "cannot-tell";

/**
 * Checks a client that says it is a crawler, against published ranges and DNS.
 *
 * @param claim.name as `claimedCrawler` gives it
 * @param claim.ranges those its owner publishes, as configured; empty for none. Being in none of them proves nothing,
 *   since lists grow old.
 * @param claim.dns what DNS says of the address; null where it was not asked or did not answer
 */
export function checkCrawler(claim: {
  readonly name: string;
  readonly address: string;
  readonly ranges: readonly string[];
  readonly dns: Omit<AddressNames, "address"> | null;
}): CrawlerCheck {
  const { address, ranges, dns } = claim;
  if (isInRanges(address, ranges)) return "verified";
  const crawler = KNOWN_CRAWLERS.find(({ name }) => name === claim.name);
  if (dns === null || crawler === undefined || crawler.domains.length === 0) return "cannot-tell";
  const { domains } = crawler;
  if (isForwardConfirmed({ address, ...dns, domains })) return "verified";
  const isNamed = dns.names.some((name) => domains.some((domain) => isBelowDomain(name, domain)));
  return isNamed && crawler.namesMayLeadNowhere ? "cannot-tell" : "forged";
}

/** A client as far as it is known to be a search engine's crawler, or only says that it is one. */
export interface CheckedCrawler {
  readonly address: string;
  /** As `claimedCrawler` names it, or whose published list the address is in. */
  readonly name: string;
  readonly check: CrawlerCheck;
  /** What told it; null where nothing could. */
  readonly toldBy: "dns" | "published" | null;
}

/**
 * Says in a clause what is known of a client, such as "it is Googlebot, confirmed by DNS".
 *
 * @example
 * crawlerClause({ name: "bingbot", check: "forged", toldBy: "dns" });
 * // "it says that it is bingbot, and DNS says that it is not"
 */
export function crawlerClause({ name, check, toldBy }: Omit<CheckedCrawler, "address">): string {
  switch (check) {
    case "verified":
      return toldBy === "dns" ? `it is ${name}, confirmed by DNS` : `it is in the published addresses of ${name}`;
    case "forged":
      return `it says that it is ${name}, and DNS says that it is not`;
    case "cannot-tell":
      return `it says that it is ${name}, which anybody can say`;
  }
}
