import { MINUTE_MS, SECOND_MS } from "../../domain/time-window.ts";
import type { ServiceName, Story } from "../stories/story.ts";
import { createCache } from "./cache.ts";
import { SCALING_GROUP, UPTIME_CHECK, ZONES } from "./estate.ts";
import type { Exchange } from "./exchange.ts";
import { createFleet, type Fleet } from "./fleet.ts";
import type { Ledger } from "./ledger.ts";
import { logFormats } from "./log-formats.ts";
import { createOrdinaryTraffic, joinTraffic, type OrdinaryTraffic } from "./ordinary-traffic.ts";
import { createPopulation, type Population } from "./people.ts";
import { createRandom, type Random } from "./random.ts";
import { createService } from "./service.ts";
import { createShield, type Shield } from "./shield.ts";
import { board, newspaper } from "./site-map.ts";

/** One line for a log file, without a line end. */
export interface LoggedLine {
  /** When it is written, epoch ms. */
  readonly atMs: number;
  readonly text: string;
}

/** The simulated site; plays time forward as far as it is told, and never by itself. */
export interface Simulation {
  readonly shield: Shield;
  readonly fleet: Fleet;
  readonly ledgers: Readonly<Record<ServiceName, Ledger>>;
  /** Everything up to here was played, epoch ms at a full second. */
  playedMs(): number;
  /** Plays the full seconds up to then; the lines of each service come in the order of writing. */
  advanceTo(untilMs: number): Readonly<Record<ServiceName, readonly LoggedLine[]>>;
}

const WEB_REQUESTS_PER_MIN = 450;
const FORUM_REQUESTS_PER_MIN = 140;
/** What the sister sites together have of it. */
const SISTERS_SHARE = 0.4;
const PAGE_TTL_MS = 5 * MINUTE_MS;
const FILE_TTL_MS = 60 * MINUTE_MS;
/** Played and thrown away, so that the history begins among visits that are under way. */
const WARM_UP_MS = 8 * MINUTE_MS;

/**
 * Makes the site as it is at `startMs`, before any history.
 *
 * The same seed, times and calls give the same lines, to the byte.
 */
export function createSimulation(options: {
  readonly story: Story;
  readonly seed: number;
  /** Where the history begins, epoch ms; it takes in the whole minute. */
  readonly startMs: number;
  /** When the sandbox opens; the story began some minutes before. */
  readonly openMs: number;
}): Simulation {
  const random = createRandom(options.seed);
  const shield = createShield(random.fork("shield"));
  const fleet = createFleet({ count: SCALING_GROUP.desired, zones: ZONES, random: random.fork("fleet") });
  const forumHost = createFleet({ count: 1, zones: ["forum"], random: random.fork("forum-host") });
  const population = createPopulation({ size: 6_000, random: random.fork("people") });

  const ordinary = {
    web: createWebTraffic(options.story.site?.sisterHosts ?? [], population, random.fork("web")),
    forum: createOrdinaryTraffic({
      site: board,
      population,
      requestsPerMin: options.story.site?.forumRequestsPerMin ?? FORUM_REQUESTS_PER_MIN,
      uptimeCheckFrom: UPTIME_CHECK,
      random: random.fork("forum"),
    }),
  };
  const added = options.story.enact({
    startMs: options.openMs - options.story.beganMinutesAgo * MINUTE_MS - random.int(30) * SECOND_MS,
    ordinary,
    population,
    random: random.fork("story"),
  });

  const web = createService({
    sources: ordinary.web.sources,
    effects: added.web ?? [],
    shield,
    cache: options.story.site?.isWebCached ? createCache({ pageTtlMs: PAGE_TTL_MS, fileTtlMs: FILE_TTL_MS }) : null,
    isCacheBehind: true,
    fleet,
    random: random.fork("web-answers"),
  });
  const forum = createService({
    sources: ordinary.forum.sources,
    effects: added.forum ?? [],
    shield: null,
    cache: null,
    fleet: forumHost,
    random: random.fork("forum-answers"),
  });
  const formats = logFormats(options.story.site);
  const webLines = random.fork("alb-lines");
  const forumLines = random.fork("forum-lines");
  const line = (text: string, { doneMs }: Exchange): LoggedLine => ({ atMs: doneMs, text });

  const firstMs = Math.floor(options.startMs / MINUTE_MS) * MINUTE_MS;
  let playedMs = firstMs - WARM_UP_MS;

  function advanceTo(untilMs: number): Record<ServiceName, readonly LoggedLine[]> {
    const lines = { web: [] as LoggedLine[], forum: [] as LoggedLine[] };
    for (; playedMs + SECOND_MS <= untilMs; playedMs += SECOND_MS) {
      for (const exchange of web.play(playedMs)) lines.web.push(line(formats.web.line(exchange, webLines), exchange));
      for (const exchange of forum.play(playedMs))
        lines.forum.push(line(formats.forum.line(exchange, forumLines), exchange));
    }
    return lines;
  }

  advanceTo(firstMs);
  return {
    shield,
    fleet,
    ledgers: { web: web.ledger, forum: forum.ledger },
    playedMs: () => playedMs,
    advanceTo,
  };
}

function createWebTraffic(sisterHosts: readonly string[], population: Population, random: Random): OrdinaryTraffic {
  const common = { population, uptimeCheckFrom: UPTIME_CHECK };
  if (sisterHosts.length === 0) {
    return createOrdinaryTraffic({ ...common, site: newspaper, requestsPerMin: WEB_REQUESTS_PER_MIN, random });
  }
  return joinTraffic([
    createOrdinaryTraffic({
      ...common,
      site: newspaper,
      requestsPerMin: WEB_REQUESTS_PER_MIN * (1 - SISTERS_SHARE),
      random,
    }),
    ...sisterHosts.map((host) =>
      createOrdinaryTraffic({
        ...common,
        site: { ...newspaper, host },
        requestsPerMin: (WEB_REQUESTS_PER_MIN * SISTERS_SHARE) / sisterHosts.length,
        bots: [],
        random: random.fork(host),
      }),
    ),
  ]);
}
