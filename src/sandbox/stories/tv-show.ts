import { MINUTE_MS, SECOND_MS } from "../../domain/time-window.ts";
import { adding } from "../site/effect.ts";
import { board, newspaper } from "../site/site-map.ts";
import { createVisitors } from "../site/visitors.ts";
import type { Scene, Story } from "./story.ts";

const REFERER = "https://www.channel-nine.example/tonight";
/** The page that was shown, with the mark that the station's link carries. */
const SHOWN = "/article/48207?utm_source=channel-nine";
const TIMES_ORDINARY_VISITS = 13;
const RISE_MS = 60 * SECOND_MS;
const HALF_LIFE_MS = 45 * MINUTE_MS;

/** Named on television: within a minute many times the usual people, all new, on browsers, by one link. */
export const tvShow: Story = {
  name: "tv-show",
  title: "Named on television",
  opening:
    "Ten minutes ago an evening show named www.courier.example. People arrive faster than ever, pages are slow and some fail.",
  tryThis: "/spike web",
  thenTry: ["/scale web +3 for 1h; then act as a second person and Approve", "/spike forum", "/postmortem"],
  beganMinutesAgo: 10,
  truth: {
    service: "web",
    cause: "flash-crowd",
    slice: {},
    shareOfRequests: TIMES_ORDINARY_VISITS / (TIMES_ORDINARY_VISITS + 1),
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

/** How many of those who would come are there: up within a minute, then slowly to other things. */
function interest({ startMs }: Scene, atMs: number): number {
  const sinceMs = atMs - startMs;
  if (sinceMs < 0) return 0;
  return Math.min(1, sinceMs / RISE_MS) * 0.5 ** (sinceMs / HALF_LIFE_MS);
}
