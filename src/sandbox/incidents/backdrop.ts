import type { TrafficSource } from "../site/arrival.ts";
import { DECLARED_BOTS } from "../site/browsers.ts";
import { createOrdinaryTraffic, joinTraffic } from "../site/ordinary-traffic.ts";
import { createPopulation } from "../site/people.ts";
import type { Random } from "../site/random.ts";
import { board, newspaper, type SiteMap } from "../site/site-map.ts";
import { type Background, replay } from "./background.ts";
import type { IncidentPlan } from "./plan.ts";
import type { Setting } from "./setting.ts";

/** The ordinary traffic of an incident, and what causes can lean on. */
export type Backdrop = Pick<Setting, "sites" | "requestsPerSec" | "visitsPerSec" | "population"> & {
  readonly sources: readonly TrafficSource[];
};

const UPTIME_CHECK = "203.0.113.10";
/** The site that comes next has so much of the requests of the one before it. */
const NEXT_SHARE = 0.55;
/** What the uptime check and the probes alone come to, and somebody besides. */
const LEAST_PER_MIN = 12;
/** A person's device asks for so many things in a visit, roughly: to give a crowd on a real site its size. */
const REQUESTS_PER_VISIT = 12;

/** Makes the ordinary traffic of a plan: simulated people on one site or several, or a real log. */
export function createBackdrop(options: {
  readonly plan: IncidentPlan;
  readonly curve: (atMs: number) => number;
  readonly background: Background | null;
  readonly random: Random;
}): Backdrop {
  const { plan, curve, background, random } = options;
  const population = createPopulation({ size: 6_000, random: random.fork("people") });
  if (background !== null) {
    const played = replay(background, plan, random.fork("replay"));
    return {
      sources: [played.source],
      sites: [played.site],
      population: played.population,
      requestsPerSec: () => played.requestsPerSec,
      visitsPerSec: () => played.requestsPerSec / REQUESTS_PER_VISIT,
    };
  }

  const map = random.pick([newspaper, board]);
  const sites = Array.from({ length: plan.siteCount }, (_, index): SiteMap => ({ ...map, host: hostName(map, index) }));
  const weights = sites.map((_, index) => NEXT_SHARE ** index);
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  const hasBots = random.chance(0.8);
  const traffic = sites.map((site, index) =>
    createOrdinaryTraffic({
      site,
      population,
      requestsPerMin: Math.max(LEAST_PER_MIN, (plan.requestsPerSec * 60 * (weights[index] ?? 0)) / whole),
      uptimeCheckFrom: UPTIME_CHECK,
      curve,
      bots: index === 0 && hasBots ? DECLARED_BOTS : [],
      random: random.fork(site.host),
    }),
  );
  const [first = map, ...others] = sites;
  const { sources, expectedPerSec, visitsPerSec } = joinTraffic(traffic);
  return { sources, sites: [first, ...others], population, requestsPerSec: expectedPerSec, visitsPerSec };
}

const SISTERS = ["north", "campus", "harbour", "valley", "metro"];

function hostName(map: SiteMap, index: number): string {
  return index === 0 ? map.host : `${SISTERS[(index - 1) % SISTERS.length]}.courier.example`;
}
