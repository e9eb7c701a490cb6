import { MINUTE_MS } from "../../src/domain/time-window.ts";
import type { Hit } from "./build-traffic.ts";

/** A small generator of pseudo-random numbers in [0, 1), the same for the same seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const HOST = "shop.example";
const AGENTS = Array.from(
  { length: 40 },
  (_, i) => `Mozilla/5.0 (Machine ${i % 7}) Engine/${500 + i} Browser/${60 + (i % 13)}.0`,
);
const PAGES = [
  "/",
  "/cart",
  "/about",
  "/search",
  "/product/{}",
  "/product/{}",
  "/product/{}",
  "/category/{}",
  "/blog/{}",
];
const ASSETS = ["/css/site.css", "/js/app.js", "/img/logo.png", "/img/{}.jpg", "/img/{}.jpg", "/fonts/text.woff2"];

export interface Site {
  readonly startMs: number;
  readonly random: () => number;
}

/** Gives visits of people: pages with their assets, over a few minutes each. `visitsPerMin` may change with time. */
export function people(
  site: Site,
  minutes: { from: number; to: number },
  visitsPerMin: (minute: number) => number,
  from: { referer?: string; landing?: string; repeats?: number } = {},
): Hit[] {
  const { random } = site;
  const hits: Hit[] = [];
  for (let minute = minutes.from; minute < minutes.to; minute++) {
    for (let visit = poisson(visitsPerMin(minute), random); visit > 0; visit--) {
      const ip = address(random);
      const userAgent = pick(AGENTS, random() ** 2);
      let atMs = site.startMs + (minute + random()) * MINUTE_MS;
      const pages = 1 + Math.floor(4 * random() ** 2);
      for (let page = 0; page < pages; page++, atMs += random() * 1.5 * MINUTE_MS) {
        const path = page === 0 && from.landing !== undefined ? from.landing : fill(pick(PAGES, random()), random);
        const refererHost = page > 0 ? HOST : (from.referer ?? (random() < 0.3 ? "search.example" : null));
        const hit = { atMs, ip, userAgent, path, host: HOST, refererHost, status: 200, bytes: 8_000 };
        const assets = ASSETS.filter(() => random() < 0.8).map((asset) => ({
          ...hit,
          atMs: atMs + random() * 2_000,
          path: fill(asset, random),
          refererHost: HOST,
          bytes: 20_000,
        }));
        for (let i = 0; i < (from.repeats ?? 1); i++) hits.push(hit, ...assets);
      }
    }
  }
  return hits;
}

/** Gives the requests of one client that takes page after page. */
export function crawler(
  site: Site,
  minutes: { from: number; to: number },
  requestsPerMin: number,
  who: { ip?: string; userAgent?: string } = {},
): Hit[] {
  const { random } = site;
  return Array.from({ length: Math.round(requestsPerMin * (minutes.to - minutes.from)) }, () => ({
    atMs: site.startMs + (minutes.from + random() * (minutes.to - minutes.from)) * MINUTE_MS,
    ip: who.ip ?? "198.51.100.14",
    userAgent: who.userAgent ?? "UniversitySearchIndexer/1.2",
    path: fill(pick(PAGES, random()), random),
    host: HOST,
    refererHost: null,
    status: 200,
    bytes: 8_000,
  }));
}

/** Draws a count with the given mean; exact for small means, close for large ones. */
export function poisson(mean: number, random: () => number): number {
  if (mean > 30) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.max(0, Math.round(mean + normal * Math.sqrt(mean)));
  }
  let count = 0;
  for (let product = random(); product > Math.exp(-mean); product *= random()) count++;
  return count;
}

function pick<Item>(items: readonly Item[], at: number): Item {
  return items[Math.floor(at * items.length)] as Item;
}

function fill(path: string, random: () => number): string {
  return path.replace("{}", String(Math.floor(1 + random() * 5_000)));
}

/** Public-looking addresses from a range for tests, a few of them drawn again and again as people come back. */
function address(random: () => number): string {
  const n = Math.floor(random() * random() * 60_000);
  return `100.${10 + (n >> 16)}.${(n >> 8) & 255}.${n & 255}`;
}
