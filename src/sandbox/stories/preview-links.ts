import type { Arrival } from "../site/arrival.ts";
import type { Effect } from "../site/effect.ts";
import type { Scene, Story } from "./story.ts";

const SISTERS = ["campus", "north", "harbour", "valley", "metro"].map((name) => `${name}.courier.example`);
const HOST = "campus.courier.example";
const SHARE_OF_REQUESTS = 0.04;
/** A draft is put together by hand of the database: so many times the work of a page. */
const SLOWDOWN = 22;
/** The database is one for all sites, and so what it has to do for drafts slows the pages of the others. */
const SLOWDOWN_OF_OTHERS = 2;
const LINKS = 9;

/** Links to drafts, passed on with a cookie that no cache may answer: few requests that burn the database. */
export const previewLinks: Story = {
  name: "preview-links",
  title: "Few requests that burn the database",
  opening:
    "The database that all sites of the Courier share is at its limit, and pages have become slow everywhere. There is hardly more traffic than ever.",
  tryThis: "/spike web",
  thenTry: [
    "/top host web",
    "/top path web only host=campus.courier.example",
    "/incident declare The shared database is at its limit",
    "/postmortem",
  ],
  beganMinutesAgo: 16,
  truth: {
    service: "web",
    causes: [
      {
        kind: "cache-bypass",
        slice: { host: HOST, pathTemplate: "/preview/{id}" },
        shareOfRequests: SHARE_OF_REQUESTS,
      },
    ],
  },
  site: { sisterHosts: SISTERS, isWebCached: true },
  enact: (scene) => ({ web: [createPreviews(scene)] }),
};

function createPreviews({ startMs, ordinary, population, random }: Scene): Effect {
  const links = Array.from({ length: LINKS }, () => `/preview/${random.uuid()}?token=${random.hex(24)}`);

  function request(secondMs: number): Arrival {
    return {
      atMs: secondMs + random.int(1_000),
      client: population.visitor().client,
      method: "GET",
      host: HOST,
      path: random.pick(links),
      referer: null,
      kind: "page",
      status: 200,
      bodyBytes: Math.round(random.logNormal(15_000, 0.25)),
      isUncacheable: true,
      addedBy: "preview-links",
    };
  }

  return {
    shape(secondMs, arrivals) {
      if (secondMs < startMs) return arrivals;
      const mean = (ordinary.web.expectedPerSec(secondMs) * SHARE_OF_REQUESTS) / (1 - SHARE_OF_REQUESTS);
      return [...arrivals, ...Array.from({ length: random.poisson(mean) }, () => request(secondMs))];
    },
    ailment(arrival) {
      if (arrival.addedBy === "preview-links") return { slowdown: SLOWDOWN };
      return arrival.atMs >= startMs && arrival.kind === "page" ? { slowdown: SLOWDOWN_OF_OTHERS } : null;
    },
  };
}
