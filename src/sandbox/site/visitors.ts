import { SECOND_MS } from "../../domain/time-window.ts";
import type { Arrival, TrafficSource } from "./arrival.ts";
import type { Person } from "./people.ts";
import type { Random } from "./random.ts";
import type { SiteMap } from "./site-map.ts";

interface VisitorsOptions {
  readonly site: SiteMap;
  readonly random: Random;
  /** How many visits begin a second at that time. */
  readonly visitsPerSec: (atMs: number) => number;
  readonly nextPerson: () => Person;
  /** Where a visit begins and the page that led there; null for a bookmark or a typed address. */
  readonly entrance: (random: Random) => { readonly path: string; readonly referer: string | null };
  /** How likely somebody opens one more page. */
  readonly stayShare: number;
}

const MEAN_THINK_SECS = 32;
const BROKEN_LINK_SHARE = 0.008;
const MAX_PAGES = 15;

/** People with browsers: a page, at once its files, a while of reading, perhaps another page. */
export function createVisitors(options: VisitorsOptions): TrafficSource {
  const { random } = options;
  // Visits run ahead of the clock; what lies in the future waits here by its second.
  const waiting = new Map<number, Arrival[]>();

  function schedule(arrival: Arrival): void {
    const secondMs = Math.floor(arrival.atMs / SECOND_MS) * SECOND_MS;
    const bucket = waiting.get(secondMs);
    if (bucket === undefined) waiting.set(secondMs, [arrival]);
    else bucket.push(arrival);
  }

  function arrivals(secondMs: number): readonly Arrival[] {
    for (let visits = random.poisson(options.visitsPerSec(secondMs)); visits > 0; visits--) {
      for (const arrival of visit(options, secondMs + random.int(SECOND_MS))) schedule(arrival);
    }
    const now = waiting.get(secondMs) ?? [];
    waiting.delete(secondMs);
    return now;
  }

  return { arrivals };
}

/** How many requests a visit makes on average, by playing some. */
export function requestsPerVisit(options: Omit<VisitorsOptions, "visitsPerSec">): number {
  const played = 800;
  let requests = 0;
  for (let round = 0; round < played; round++) requests += visit(options, 0).length;
  return requests / played;
}

function visit(options: Omit<VisitorsOptions, "visitsPerSec">, startMs: number): readonly Arrival[] {
  const { site, random } = options;
  const person = options.nextPerson();
  const entrance = options.entrance(random);
  const requests: Arrival[] = [];

  let atMs = startMs;
  let path = entrance.path;
  let referer = entrance.referer;
  for (let page = 0; page < MAX_PAGES; page++) {
    const isBroken = random.chance(BROKEN_LINK_SHARE);
    requests.push({
      atMs,
      client: person.client,
      method: "GET",
      host: site.host,
      path: isBroken ? `${path.replace(/\?.*/, "")}/amp` : path,
      referer,
      kind: "page",
      status: isBroken ? 404 : 200,
      bodyBytes: isBroken ? 1_900 : site.pageBytes(path, random),
    });
    if (!isBroken) requests.push(...partsOf(options, person, path, page === 0, atMs));
    if (!random.chance(options.stayShare)) break;
    atMs += Math.round(2_000 + random.exponential(MEAN_THINK_SECS) * SECOND_MS);
    referer = pageUrl(site, path);
    path = site.next(path, random);
  }
  return requests;
}

/** The files of a page: on a first visit all, from then on those that the browser does not hold. */
function partsOf(
  { site, random }: Pick<VisitorsOptions, "site" | "random">,
  person: Person,
  path: string,
  isLanding: boolean,
  pageMs: number,
): Arrival[] {
  const parts = site.parts(path, random).filter((part) => !part.isShared || isLanding);
  const arrivals = parts.map((part): Arrival => {
    const isKept = part.isShared && person.hasCache;
    const arrival: Arrival = {
      atMs: pageMs + Math.round(90 + random.exponential(380)),
      client: person.client,
      method: "GET",
      host: site.host,
      path: part.path,
      referer: pageUrl(site, path),
      kind: part.kind,
      status: isKept ? 304 : 200,
      bodyBytes: isKept ? 0 : Math.round(part.bodyBytes * (part.isShared ? 1 : random.between(0.5, 1.6))),
    };
    return isKept ? { ...arrival, fullBytes: part.bodyBytes } : arrival;
  });
  person.hasCache = true;
  return arrivals;
}

function pageUrl(site: SiteMap, path: string): string {
  return `https://${site.host}${path}`;
}
