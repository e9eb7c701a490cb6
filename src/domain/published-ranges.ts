import type { GuardedRange, RangeRule } from "./guard.ts";

export const PUBLISHED_LISTS = [
  "cloudfront",
  "cloudflare",
  "fastly",
  "route53-health-checks",
  "googlebot",
  "bingbot",
] as const;
export type PublishedListName = (typeof PUBLISHED_LISTS)[number];

/** The networks that somebody publishes as theirs, as they were at a time. */
export interface PublishedList {
  readonly name: PublishedListName;
  /** For people. */
  readonly whose: string;
  readonly rule: Extract<RangeRule, "cdn" | "health-checker" | "crawler">;
  /** "2025" for what came with the program, else the day: "2026-11-26". */
  readonly asOf: string;
  readonly cidrs: readonly string[];
}

/** Who publishes what, and where: the lists that `spillway ranges refresh` fetches anew. */
export const PUBLISHERS: Readonly<Record<PublishedListName, Pick<PublishedList, "whose" | "rule">>> = {
  cloudfront: { whose: "CloudFront", rule: "cdn" },
  cloudflare: { whose: "Cloudflare", rule: "cdn" },
  fastly: { whose: "Fastly", rule: "cdn" },
  "route53-health-checks": { whose: "Route 53 health checks", rule: "health-checker" },
  googlebot: { whose: "Googlebot", rule: "crawler" },
  bingbot: { whose: "bingbot", rule: "crawler" },
};

const words = (text: string) => text.trim().split(/\s+/);

/**
 * What came with the program. Lists age, so a refresh replaces them one by one.
 *
 * - Cloudflare and Fastly: whole, and seldom changed
 * - CloudFront: the networks of its edges around the world, with those of 2025; its regional caches are left out, and
 *   so are its edges in China. Only a refresh has all.
 * - Route 53: whole, but for China
 * - crawlers: none; their owners change them often, and DNS tells them too
 *
 * @source https://www.cloudflare.com/ips/
 * @source https://api.fastly.com/public-ip-list
 * @source https://ip-ranges.amazonaws.com/ip-ranges.json, services CLOUDFRONT and ROUTE53_HEALTHCHECKS
 */
export const SHIPPED_LISTS: readonly PublishedList[] = [
  {
    name: "cloudfront",
    ...PUBLISHERS.cloudfront,
    asOf: "2025",
    cidrs: words(`
      3.160.0.0/14 3.164.0.0/18 3.164.64.0/18 3.164.128.0/17 3.165.0.0/16 3.166.0.0/15 3.168.0.0/14 3.172.0.0/18
      13.32.0.0/15 13.35.0.0/16 13.224.0.0/14 13.249.0.0/16 15.158.0.0/16
      18.64.0.0/14 18.68.0.0/16 18.154.0.0/15 18.160.0.0/15 18.164.0.0/15 18.172.0.0/15 18.238.0.0/15 18.244.0.0/15
      52.46.0.0/18 52.82.128.0/19 52.84.0.0/15 52.124.128.0/17 52.222.128.0/17
      54.182.0.0/16 54.192.0.0/16 54.230.0.0/16 54.239.128.0/18 54.239.192.0/19 54.240.128.0/18
      64.252.64.0/18 64.252.128.0/18 65.8.0.0/16 65.9.0.0/17 65.9.128.0/18 70.132.0.0/18 71.152.0.0/17
      99.84.0.0/16 99.86.0.0/16 108.138.0.0/15 108.156.0.0/14
      130.176.0.0/17 130.176.128.0/18 130.176.192.0/19 130.176.224.0/20 143.204.0.0/16 144.220.0.0/16
      204.246.164.0/22 204.246.168.0/22 204.246.172.0/23 204.246.174.0/23 204.246.176.0/20
      205.251.200.0/21 205.251.208.0/20 205.251.249.0/24 205.251.250.0/23 205.251.252.0/23 205.251.254.0/24
      216.137.32.0/19
      2600:9000:1000::/36 2600:9000:2000::/36 2600:9000:3000::/36 2600:9000:4000::/36 2600:9000:5200::/40
      2600:9000:5308::/45 2600:9000:5310::/44 2600:9000:5320::/43 2600:9000:5340::/42 2600:9000:5380::/41
      2600:9000:f000::/36`),
  },
  {
    name: "cloudflare",
    ...PUBLISHERS.cloudflare,
    asOf: "2025",
    cidrs: words(`
      103.21.244.0/22 103.22.200.0/22 103.31.4.0/22 104.16.0.0/13 104.24.0.0/14 108.162.192.0/18 131.0.72.0/22
      141.101.64.0/18 162.158.0.0/15 172.64.0.0/13 173.245.48.0/20 188.114.96.0/20 190.93.240.0/20 197.234.240.0/22
      198.41.128.0/17
      2400:cb00::/32 2405:8100::/32 2405:b500::/32 2606:4700::/32 2803:f800::/32 2a06:98c0::/29 2c0f:f248::/32`),
  },
  {
    name: "fastly",
    ...PUBLISHERS.fastly,
    asOf: "2025",
    cidrs: words(`
      23.235.32.0/20 43.249.72.0/22 103.244.50.0/24 103.245.222.0/23 103.245.224.0/24 104.156.80.0/20
      140.248.64.0/18 140.248.128.0/17 146.75.0.0/17 151.101.0.0/16 157.52.64.0/18 167.82.0.0/17 167.82.128.0/20
      167.82.160.0/20 167.82.224.0/20 172.111.64.0/18 185.31.16.0/22 199.27.72.0/21 199.232.0.0/16
      2a04:4e40::/32 2a04:4e42::/32`),
  },
  {
    name: "route53-health-checks",
    ...PUBLISHERS["route53-health-checks"],
    asOf: "2025",
    cidrs: words(`
      15.177.0.0/18 54.183.255.128/26 54.228.16.0/26 54.232.40.64/26 54.241.32.64/26 54.243.31.192/26
      54.244.52.192/26 54.245.168.0/26 54.248.220.0/26 54.250.253.192/26 54.251.31.128/26 54.252.79.128/26
      54.252.254.192/26 54.255.254.192/26 107.23.255.0/26 176.34.159.192/26 177.71.207.128/26`),
  },
];

/** Puts lists that were fetched in the place of those that came with the program, by name. */
export function replaceLists(
  shipped: readonly PublishedList[],
  fetched: readonly PublishedList[],
): readonly PublishedList[] {
  const names = new Set(fetched.map(({ name }) => name));
  return [...shipped.filter(({ name }) => !names.has(name)), ...fetched];
}

/** Gives every network of these lists as one that no block may hit, with the list's date to say how old it is. */
export function rangesOfLists(lists: readonly PublishedList[]): readonly GuardedRange[] {
  return lists.flatMap(({ cidrs, rule, whose, asOf }) =>
    cidrs.map((cidr) => ({ cidr, rule, whose: `${whose} (list of ${asOf})` })),
  );
}
