import { DAY_MS, HOUR_MS } from "../../domain/time-window.ts";
import type { TrafficSource } from "./arrival.ts";
import { createBot, createMonitor, createProbes } from "./bots.ts";
import { DECLARED_BOTS, type DeclaredBot } from "./browsers.ts";
import type { Population } from "./people.ts";
import type { Random } from "./random.ts";
import type { SiteMap } from "./site-map.ts";
import { createVisitors, requestsPerVisit } from "./visitors.ts";

/** A site on a day on which nothing happens. */
export interface OrdinaryTraffic {
  readonly sources: readonly TrafficSource[];
  /** Expected requests a second at that time, bots and all. */
  expectedPerSec(atMs: number): number;
  /** Expected visits of people a second at that time. */
  visitsPerSec(atMs: number): number;
}

const PEAK_HOUR_UTC = 19;
/** How far the peak lies above the mean of the day, and the quietest hour below it. */
const DAILY_SWING = 0.1;
const PROBES_PER_MIN = 2;
const STAY_SHARE = 0.55;
const ENTRY_REFERERS: readonly (readonly [string | null, number])[] = [
  [null, 46],
  ["https://www.google.com/", 34],
  ["https://www.bing.com/", 4],
  ["https://duckduckgo.com/", 4],
  ["https://www.reddit.com/", 5],
  ["https://www.facebook.com/", 7],
];

/** Makes the ordinary traffic of a site: people by the hour of the day, bots, probes and the uptime check. */
export function createOrdinaryTraffic(options: {
  readonly site: SiteMap;
  readonly population: Population;
  readonly requestsPerMin: number;
  readonly uptimeCheckFrom: string;
  /** How lively the time is; 1 is the mean. The hours of the day where it is left out. */
  readonly curve?: (atMs: number) => number;
  readonly bots?: readonly DeclaredBot[];
  readonly random: Random;
}): OrdinaryTraffic {
  const { site, population, curve = dailyCurve, bots = DECLARED_BOTS, random } = options;
  const people = {
    site,
    nextPerson: population.visitor,
    entrance: (chance: Random) => ({ path: site.landing(chance), referer: chance.weighted(ENTRY_REFERERS) }),
    stayShare: STAY_SHARE,
  };
  const botsPerMin = bots.reduce((sum, bot) => sum + bot.requestsPerMin, 0) + PROBES_PER_MIN + 2;
  const meanVisitsPerSec =
    (options.requestsPerMin - botsPerMin) / 60 / requestsPerVisit({ ...people, random: random.fork("calibration") });
  const visitsPerSec = (atMs: number): number => meanVisitsPerSec * curve(atMs);

  return {
    sources: [
      createVisitors({ ...people, visitsPerSec, random: random.fork("visitors") }),
      ...bots.map((bot) => createBot({ bot, site, random: random.fork(bot.client.address) })),
      createProbes({ perMin: PROBES_PER_MIN, host: site.host, random: random.fork("probes") }),
      createMonitor(options.uptimeCheckFrom, site.host),
    ],
    expectedPerSec: (atMs) => ((options.requestsPerMin - botsPerMin) * curve(atMs) + botsPerMin) / 60,
    visitsPerSec,
  };
}

/** Makes one of the traffic of several sites. */
export function joinTraffic(traffic: readonly OrdinaryTraffic[]): OrdinaryTraffic {
  return {
    sources: traffic.flatMap(({ sources }) => sources),
    expectedPerSec: (atMs) => traffic.reduce((sum, each) => sum + each.expectedPerSec(atMs), 0),
    visitsPerSec: (atMs) => traffic.reduce((sum, each) => sum + each.visitsPerSec(atMs), 0),
  };
}

/** Gives how lively the day is at that time; its mean over a day is 1. */
function dailyCurve(atMs: number): number {
  const hours = (atMs % DAY_MS) / HOUR_MS;
  return 1 + DAILY_SWING * Math.cos(((hours - PEAK_HOUR_UTC) / 24) * 2 * Math.PI);
}
