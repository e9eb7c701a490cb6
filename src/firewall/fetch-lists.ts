import { z } from "zod";
import { parseNetwork, sortNetworks } from "../domain/address.ts";
import { PUBLISHED_LISTS, PUBLISHERS, type PublishedList, type PublishedListName } from "../domain/published-ranges.ts";
import { UpstreamError } from "../errors.ts";

/** Where each list is published, and what is to be taken from there. */
export type ListSources = Readonly<Record<PublishedListName, readonly string[]>>;

const AWS_RANGES = "https://ip-ranges.amazonaws.com/ip-ranges.json";

const LIST_SOURCES: ListSources = {
  cloudfront: [AWS_RANGES],
  cloudflare: ["https://www.cloudflare.com/ips-v4", "https://www.cloudflare.com/ips-v6"],
  fastly: ["https://api.fastly.com/public-ip-list"],
  "route53-health-checks": [AWS_RANGES],
  googlebot: ["https://developers.google.com/static/search/apis/ipranges/googlebot.json"],
  bingbot: ["https://www.bing.com/toolbox/bingbot.json"],
};

const AwsRanges = z.object({
  prefixes: z.array(z.object({ ip_prefix: z.string(), service: z.string() })),
  ipv6_prefixes: z.array(z.object({ ipv6_prefix: z.string(), service: z.string() })),
});
const FastlyRanges = z.object({ addresses: z.array(z.string()), ipv6_addresses: z.array(z.string()) });
const CrawlerRanges = z.object({
  prefixes: z.array(z.object({ ipv4Prefix: z.string().optional(), ipv6Prefix: z.string().optional() })),
});

const READERS: Readonly<Record<PublishedListName, (text: string) => readonly string[]>> = {
  cloudfront: (text) => ofService("CLOUDFRONT", text),
  cloudflare: (text) => text.split("\n").flatMap((line) => line.trim() || []),
  fastly: (text) => {
    const { addresses, ipv6_addresses } = FastlyRanges.parse(JSON.parse(text));
    return [...addresses, ...ipv6_addresses];
  },
  "route53-health-checks": (text) => ofService("ROUTE53_HEALTHCHECKS", text),
  googlebot: crawlerRanges,
  bingbot: crawlerRanges,
};

function ofService(service: string, text: string): readonly string[] {
  const { prefixes, ipv6_prefixes } = AwsRanges.parse(JSON.parse(text));
  return [
    ...prefixes.flatMap((row) => (row.service === service ? row.ip_prefix : [])),
    ...ipv6_prefixes.flatMap((row) => (row.service === service ? row.ipv6_prefix : [])),
  ];
}

function crawlerRanges(text: string): readonly string[] {
  return CrawlerRanges.parse(JSON.parse(text)).prefixes.flatMap(({ ipv4Prefix, ipv6Prefix }) => [
    ...(ipv4Prefix === undefined ? [] : [ipv4Prefix]),
    ...(ipv6Prefix === undefined ? [] : [ipv6Prefix]),
  ]);
}

/** A list that came, or why it did not. */
export type FetchedList =
  | { readonly name: PublishedListName; readonly list: PublishedList }
  | { readonly name: PublishedListName; readonly failure: Error };

const ANSWER_WITHIN_MS = 20_000;
/** AWS's is 2.5 MB. */
const MAX_CHARACTERS = 50_000_000;
/** Nobody owns more; a list that says so is broken, and would forbid every block. */
const WIDEST_LISTED = { 4: 8, 6: 16 } as const;

/** Fetches every list; that one publisher does not answer, or answers nonsense, does not keep the others back. */
export async function fetchLists(options: {
  readonly nowMs: number;
  readonly sources?: ListSources;
  readonly signal?: AbortSignal;
}): Promise<readonly FetchedList[]> {
  const { sources = LIST_SOURCES, nowMs, signal } = options;
  const asOf = new Date(nowMs).toISOString().slice(0, 10);
  const pages = new Map<string, Promise<string>>();
  const page = (url: string) => {
    const text = pages.get(url) ?? fetchText(url, signal);
    pages.set(url, text);
    return text;
  };
  return Promise.all(
    PUBLISHED_LISTS.map(async (name): Promise<FetchedList> => {
      try {
        const texts = await Promise.all(sources[name].map(page));
        const cidrs = checked(name, texts.flatMap(READERS[name]));
        return { name, list: { name, ...PUBLISHERS[name], asOf, cidrs } };
      } catch (error) {
        return { name, failure: error instanceof Error ? error : new Error(String(error)) };
      }
    }),
  );
}

function checked(name: PublishedListName, listed: readonly string[]): readonly string[] {
  const cidrs = listed.map((text) => {
    const network = parseNetwork(text);
    if (!network.ok) throw new Error(`${name} lists what is no network: ${network.reason}`);
    if (network.prefix < WIDEST_LISTED[network.family]) throw new Error(`${name} lists ${text}, which nobody owns`);
    return network.cidr;
  });
  if (cidrs.length === 0) throw new Error(`${name} lists nothing`);
  return sortNetworks(cidrs);
}

async function fetchText(url: string, signal: AbortSignal | undefined): Promise<string> {
  const limit = AbortSignal.timeout(ANSWER_WITHIN_MS);
  const response = await fetch(url, { signal: signal ? AbortSignal.any([signal, limit]) : limit });
  if (!response.ok) {
    throw new UpstreamError("ranges-not-fetched", `${url} answered ${response.status}`, { retryable: true });
  }
  const text = await response.text();
  if (text.length > MAX_CHARACTERS) throw new Error(`${url} is longer than any list`);
  return text;
}
