import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { SECOND_MS } from "../../domain/time-window.ts";
import { isAsset } from "../../domain/traits.ts";
import type { Arrival, TrafficSource } from "../site/arrival.ts";
import type { Person, Population } from "../site/people.ts";
import type { Random } from "../site/random.ts";
import type { SiteMap } from "../site/site-map.ts";

/** Requests of a real log, oldest first. */
export type Background = readonly Arrival[];

const LINE =
  /^(\S+) \S+ \S+ \[(\d+)\/(\w+)\/(\d+):(\d+):(\d+):(\d+) ([+-]\d\d)(\d\d)\] "([A-Z]+) (\S*)[^"]*" (\d+) (\S+) "([^"]*)" "([^"]*)"/;
const MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
const HOST = "www.background.example";

/** Reads a log in the combined format, packed with gzip or not; lines that are otherwise are left out. */
export function readBackground(path: string): Background {
  const bytes = readFileSync(path);
  const text = (path.endsWith(".gz") ? gunzipSync(bytes) : bytes).toString("latin1");
  return text
    .split("\n")
    .flatMap((line) => arrivalOf(line) ?? [])
    .sort((a, b) => a.atMs - b.atMs);
}

function arrivalOf(line: string): Arrival | null {
  const match = LINE.exec(line);
  if (match === null) return null;
  const [, address = "", day, month = "", year, hour, minute, second, zoneHours, zoneMins] = match;
  const [method, path = "/", status, bytes = "0", referer = "-", userAgent = ""] = match.slice(10);
  const clockMs = Date.UTC(
    +(year ?? 0),
    MONTHS.indexOf(month) / 3,
    +(day ?? 1),
    +(hour ?? 0),
    +(minute ?? 0),
    +(second ?? 0),
  );
  const offsetMins = Number(zoneHours) * 60 + Math.sign(Number(zoneHours)) * Number(zoneMins);
  return {
    atMs: clockMs - offsetMins * 60_000,
    client: { address, userAgent, protocol: "HTTP/1.1" },
    method: method === "POST" || method === "HEAD" ? method : "GET",
    host: HOST,
    path,
    referer: referer === "-" ? null : referer,
    kind: isAsset(path.replace(/\?.*/, "")) ? "file" : "page",
    status: statusOf(Number(status)),
    bodyBytes: Number.parseInt(bytes, 10) || 0,
  };
}

/** Faults of the servers are not replayed: the simulated ones have their own. */
function statusOf(status: number): Arrival["status"] {
  return status === 301 || status === 304 || status === 403 || status === 404 ? status : status === 302 ? 301 : 200;
}

/**
 * Lays a real log over the time of an incident: stretched to its length, and thinned by whole clients where it has more
 * requests than wanted.
 */
export function replay(
  background: Background,
  plan: { readonly startMs: number; readonly endMs: number; readonly requestsPerSec: number },
  random: Random,
): { source: TrafficSource; site: SiteMap; population: Population; requestsPerSec: number } {
  const wanted = (plan.requestsPerSec * (plan.endMs - plan.startMs)) / SECOND_MS;
  const keptShare = Math.min(1, wanted / Math.max(1, background.length));
  const isKept = new Map<string, boolean>();
  const kept = background.filter(({ client: { address } }) => {
    const known = isKept.get(address);
    if (known !== undefined) return known;
    const chosen = random.chance(keptShare);
    isKept.set(address, chosen);
    return chosen;
  });
  const firstMs = kept[0]?.atMs ?? 0;
  const stretch = (plan.endMs - plan.startMs) / Math.max(1, (kept.at(-1)?.atMs ?? 0) - firstMs);
  const bySecond = new Map<number, Arrival[]>();
  for (const arrival of kept) {
    const atMs = Math.floor(plan.startMs + (arrival.atMs - firstMs) * stretch + random.int(SECOND_MS));
    const secondMs = Math.floor(atMs / SECOND_MS) * SECOND_MS;
    bySecond.set(secondMs, [...(bySecond.get(secondMs) ?? []), { ...arrival, atMs }]);
  }
  return {
    source: { arrivals: (secondMs) => bySecond.get(secondMs) ?? [] },
    site: siteOf(kept),
    population: populationOf(kept, random),
    requestsPerSec: kept.length / ((plan.endMs - plan.startMs) / SECOND_MS),
  };
}

/** How many files the pages of the site have, where there are so many. */
const PARTS_A_PAGE = 6;

/** The site as its log shows it: pages and files as often as they were asked for. */
function siteOf(arrivals: readonly Arrival[]): SiteMap {
  const pages = arrivals.filter(({ kind, status, method }) => kind === "page" && status === 200 && method === "GET");
  const files = arrivals.filter(({ kind, status }) => kind === "file" && status === 200);
  const page = (random: Random) => (pages.length === 0 ? "/" : random.pick(pages).path);
  const all = [...new Set(pages.map(({ path }) => path))];
  return {
    host: HOST,
    feed: "/",
    landing: page,
    next: (_path, random) => page(random),
    archive: (index) => all[index % Math.max(1, all.length)] ?? "/",
    parts: (_path, random) =>
      files.length === 0
        ? []
        : Array.from({ length: PARTS_A_PAGE }, () => {
            const { path, bodyBytes } = random.pick(files);
            return { path, kind: "file" as const, bodyBytes, isShared: false };
          }),
    pageBytes: (_path, random) => (pages.length === 0 ? 0 : random.pick(pages).bodyBytes),
  };
}

/** The people of a log: whoever is in it comes again; newcomers are of networks that are not. */
function populationOf(arrivals: readonly Arrival[], random: Random): Population {
  const clients = arrivals.map(({ client }) => client);
  const known = (): Person => ({ client: random.pick(clients), hasCache: true });
  const from = (address: string): Person => ({ client: { ...random.pick(clients), address }, hasCache: false });
  const byte = () => random.int(254) + 1;
  return {
    visitor: known,
    newcomer: () => from(`${2 + random.int(200)}.${byte()}.${byte()}.${byte()}`),
    neighbour: () => from(random.pick(clients).address.replace(/\d+$/, String(byte()))),
  };
}
