import { isbot } from "isbot";
import type { CheckedCrawler } from "./crawlers.ts";
import type { GuiltySlice } from "./slices.ts";
import type { Breakdown, SliceRow } from "./traffic.ts";

const BROWSER = /^(Mozilla\/[45]\.0 \(|Opera\/)/;

/** Tells whether a user agent says of itself that no person is behind it: a crawler, a checker, a library. */
export function isDeclaredBot(userAgent: string): boolean {
  return isbot(userAgent);
}

/** Crawlers of search engines that publish from where they come, so that whoever only says so can be told from them. */
const SEARCH_CRAWLERS = [
  "Googlebot",
  "AdsBot-Google",
  "GoogleOther",
  "Storebot-Google",
  "bingbot",
  "DuckDuckBot",
  "Applebot",
  "YandexBot",
  "Baiduspider",
  "SeznamBot",
  "PetalBot",
  "Qwantbot",
] as const;

/** Names the search engine's crawler that a user agent says it is, which anything may say; null for any other. */
export function claimedCrawler(userAgent: string): string | null {
  const lower = userAgent.toLowerCase();
  return SEARCH_CRAWLERS.find((name) => lower.includes(name.toLowerCase())) ?? null;
}

/** Tells whether a user agent says that it is a person's browser, which anything may say. */
export function isBrowser(userAgent: string): boolean {
  return BROWSER.test(userAgent) && !isDeclaredBot(userAgent);
}

/** Of files that browsers load because a page needs them, as alternatives of a pattern. */
export const ASSET_ENDINGS = "css|js|mjs|map|png|jpe?g|gif|webp|avif|svg|ico|woff2?|ttf|otf|eot|mp4|webm|mp3";
const ASSET = new RegExp(`\\.(?:${ASSET_ENDINGS})$`, "i");

/** Tells whether a path is something that browsers load because a page needs it. */
export function isAsset(path: string): boolean {
  return ASSET.test(path);
}

/** So near must two rows be to be the same requests: a client may send a few under another name. */
const SAME_ROWS = 0.9;

/** Names the user agent of a client: that whose requests are this one client's alone; null where none is. */
export function userAgentOf(client: GuiltySlice, breakdown: Breakdown): string | null {
  const requests = client.row.spike.requests;
  const isSame = ({ spike }: SliceRow) =>
    spike.clients <= client.row.spike.clients &&
    spike.requests >= SAME_ROWS * requests &&
    spike.requests * SAME_ROWS <= requests;
  return breakdown.by.userAgent?.rows.find(isSame)?.value ?? null;
}

/** Gives what is known of a client that is a search engine's crawler, or says so; null of any other. */
export function crawlerOf(
  client: GuiltySlice,
  { crawlers, breakdown }: { readonly crawlers: readonly CheckedCrawler[]; readonly breakdown: Breakdown },
): CheckedCrawler | null {
  const address = client.row.value;
  const checked = crawlers.find((each) => each.address === address);
  if (checked !== undefined) return checked;
  const name = claimedCrawler(userAgentOf(client, breakdown) ?? "");
  return name === null ? null : { address, name, check: "cannot-tell", toldBy: null };
}
