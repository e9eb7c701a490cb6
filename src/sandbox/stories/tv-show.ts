import { MINUTE_MS, SECOND_MS } from "../../domain/time-window.ts";
import type { Arrival } from "../site/arrival.ts";
import { drawBrowser } from "../site/browsers.ts";
import { adding } from "../site/effect.ts";
import { drawHostingAddress } from "../site/hosting.ts";
import { board, newspaper } from "../site/site-map.ts";
import { createVisitors } from "../site/visitors.ts";
import type { Scene, Story } from "./story.ts";

const REFERER = "https://www.channel-nine.example/tonight";
/** The page that was shown, with the mark that the station's link carries. */
const SHOWN = "/article/48207?utm_source=channel-nine";
const TIMES_ORDINARY_VISITS = 13;
const TIMES_ORDINARY_FLOOD = 2;
const TIMES_IN_ALL = 1 + TIMES_ORDINARY_VISITS + TIMES_ORDINARY_FLOOD;
/** Somebody malicious comes when the crowd is there, with a rise of the same shape. */
const FLOOD_AFTER_MS = 5 * MINUTE_MS;
const FLOOD_MACHINES = 2_400;
const RISE_MS = 60 * SECOND_MS;
const HALF_LIFE_MS = 45 * MINUTE_MS;

/**
 * Named on television: within a minute many times the usual people, all new, on browsers, by one link. Some minutes
 * later somebody malicious, in the same shape.
 */
export const tvShow: Story = {
  name: "tv-show",
  title: "Named on television",
  opening:
    "Ten minutes ago an evening show named www.courier.example. People arrive faster than ever, pages are slow and some fail.",
  tryThis: "/spike web",
  thenTry: [
    "/scale web +3 for 1h; then act as somebody else and Approve",
    "/spike forum",
    "/incident declare Named on television",
    "/postmortem",
  ],
  beganMinutesAgo: 10,
  truth: {
    service: "web",
    causes: [
      { kind: "flash-crowd", slice: {}, shareOfRequests: TIMES_ORDINARY_VISITS / TIMES_IN_ALL },
      { kind: "distributed-flood", slice: { pathTemplate: "/" }, shareOfRequests: TIMES_ORDINARY_FLOOD / TIMES_IN_ALL },
    ],
  },
  enact: (scene) => ({
    web: [
      adding(
        createVisitors({
          site: newspaper,
          random: scene.random.fork("web"),
          visitsPerSec: (atMs) => scene.ordinary.web.visitsPerSec(atMs) * TIMES_ORDINARY_VISITS * interest(scene, atMs),
          nextPerson: scene.population.newcomer,
          entrance: (random) => ({ path: random.chance(0.8) ? SHOWN : "/", referer: REFERER }),
          stayShare: 0.5,
        }),
        "crowd",
      ),
      adding({ arrivals: createFlood(scene) }, "flood"),
    ],
    forum: [
      adding(
        createVisitors({
          site: board,
          random: scene.random.fork("forum"),
          visitsPerSec: (atMs) => scene.ordinary.forum.visitsPerSec(atMs) * 3 * interest(scene, atMs),
          nextPerson: scene.population.newcomer,
          entrance: () => ({ path: "/", referer: REFERER }),
          stayShare: 0.35,
        }),
        "crowd",
      ),
    ],
  }),
};

/** Machines that ask for the front page and nothing else, each as another browser each time. */
function createFlood({ startMs, ordinary, random: chance }: Scene): (secondMs: number) => readonly Arrival[] {
  const random = chance.fork("flood");
  const machines = Array.from({ length: FLOOD_MACHINES }, () => drawHostingAddress(random));

  function request(secondMs: number): Arrival {
    return {
      atMs: secondMs + random.int(SECOND_MS),
      client: { address: random.pick(machines), userAgent: drawBrowser(random), protocol: "HTTP/1.1" },
      method: "GET",
      host: newspaper.host,
      path: "/",
      referer: null,
      kind: "page",
      status: 200,
      bodyBytes: Math.round(random.logNormal(22_000, 0.25)),
    };
  }

  return (secondMs) => {
    const level = interest({ startMs: startMs + FLOOD_AFTER_MS }, secondMs);
    const mean = ordinary.web.expectedPerSec(secondMs) * TIMES_ORDINARY_FLOOD * level;
    return mean > 0 ? Array.from({ length: random.poisson(mean) }, () => request(secondMs)) : [];
  };
}

/** How many of those who would come are there: up within a minute, then slowly to other things. */
function interest({ startMs }: Pick<Scene, "startMs">, atMs: number): number {
  const sinceMs = atMs - startMs;
  if (sinceMs < 0) return 0;
  return Math.min(1, sinceMs / RISE_MS) * 0.5 ** (sinceMs / HALF_LIFE_MS);
}
