import type { Client } from "./arrival.ts";
import type { Random } from "./random.ts";

const WINDOWS = "Windows NT 10.0; Win64; x64";
const MAC = "Macintosh; Intel Mac OS X 10_15_7";
const ANDROID = "Linux; Android 10; K";

const chrome = (platform: string, version: number, mobile = ""): string =>
  `Mozilla/5.0 (${platform}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 ${mobile}Safari/537.36`;
const edge = (version: number): string => `${chrome(WINDOWS, version)} Edg/${version}.0.0.0`;
const firefox = (platform: string, version: number): string =>
  `Mozilla/5.0 (${platform}; rv:${version}.0) Gecko/20100101 Firefox/${version}.0`;
const safari = (version: string): string =>
  `Mozilla/5.0 (${MAC}) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${version} Safari/605.1.15`;
const iphone = (system: string, version: string): string =>
  `Mozilla/5.0 (iPhone; CPU iPhone OS ${system} like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/${version} Mobile/15E148 Safari/604.1`;

/** Browsers of the public with rough shares, the newest versions in front and a tail of older ones. */
const BROWSERS: readonly (readonly [userAgent: string, weight: number])[] = [
  [chrome(ANDROID, 154, "Mobile "), 16],
  [chrome(ANDROID, 153, "Mobile "), 7],
  [chrome(ANDROID, 150, "Mobile "), 2],
  [chrome(WINDOWS, 154), 15],
  [chrome(WINDOWS, 153), 6],
  [chrome(WINDOWS, 109), 1],
  [chrome(MAC, 154), 6],
  [chrome("X11; Linux x86_64", 154), 1],
  [iphone("18_7", "26.1"), 17],
  [iphone("18_7", "26.0"), 6],
  [iphone("17_6_1", "17.6"), 3],
  [safari("26.1"), 6],
  [safari("18.6"), 2],
  [edge(154), 6],
  [edge(153), 2],
  [firefox(WINDOWS, 157), 3],
  [firefox("X11; Linux x86_64", 157), 1],
  [firefox("Android 15; Mobile", 157), 1],
];

/** A bot that says what it is, comes from a few addresses and goes its round all day. */
export interface DeclaredBot {
  readonly client: Client;
  readonly requestsPerMin: number;
  readonly reads: "pages" | "feed";
}

const GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)";
const BINGBOT = "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)";

export const DECLARED_BOTS: readonly DeclaredBot[] = [
  { client: bot("66.249.66.41", GOOGLEBOT), requestsPerMin: 6, reads: "pages" },
  { client: bot("66.249.66.42", GOOGLEBOT), requestsPerMin: 4, reads: "pages" },
  { client: bot("157.55.39.18", BINGBOT), requestsPerMin: 4, reads: "pages" },
  { client: bot("40.77.167.63", BINGBOT), requestsPerMin: 2, reads: "pages" },
  { client: bot("17.241.75.9", "Mozilla/5.0 (compatible; Applebot/0.1)"), requestsPerMin: 2, reads: "pages" },
  { client: bot("54.36.148.77", "Mozilla/5.0 (compatible; AhrefsBot/7.0)"), requestsPerMin: 3, reads: "pages" },
  { client: bot("65.19.138.34", "Feedly/1.0 (+http://www.feedly.com/fetcher.html)"), requestsPerMin: 1, reads: "feed" },
  { client: bot("8.29.198.26", "FreshRSS/1.27.1 (Linux; https://freshrss.org)"), requestsPerMin: 1, reads: "feed" },
];

/** Draws a browser as the public uses them. */
export function drawBrowser(random: Random): string {
  return random.weighted(BROWSERS);
}

function bot(address: string, userAgent: string): Client {
  return { address, userAgent, protocol: "HTTP/1.1" };
}
