import { SECOND_MS } from "../../domain/time-window.ts";
import type { Arrival, Client } from "../site/arrival.ts";
import { adding } from "../site/effect.ts";
import { newspaper } from "../site/site-map.ts";
import type { Scene, Story } from "./story.ts";

const CLIENT: Client = {
  address: "198.51.100.14",
  userAgent: "UniversitySearchIndexer/1.2",
  protocol: "HTTP/1.1",
};
const SHARE_OF_REQUESTS = 0.85;
const PAGE_SHARE = 0.68;

/** An indexer that is turned away asks less and less, down to this share of its rate, and never gives up. */
const PATIENCE_LEFT = 0.12;
const PATIENCE_KEPT_PER_SEC = 0.95;

/** A search indexer that knows no limits: one address, every page once, 85 % of all requests. */
export const crawler: Story = {
  name: "crawler",
  title: "A search indexer that knows no limits",
  opening:
    "The pages of www.courier.example have become slow, and some fail. Nobody has released anything. Something has been hammering the site for about a quarter of an hour.",
  tryThis: "/spike web",
  thenTry: [
    "Block for 1 h… on the verdict, and Propose; then act as somebody else and Approve",
    "/blocks",
    "/incident declare The site is slow",
    "/incident resolve",
    "/postmortem",
  ],
  beganMinutesAgo: 12,
  truth: {
    service: "web",
    causes: [
      {
        kind: "heavy-client",
        slice: { ip: CLIENT.address, userAgent: CLIENT.userAgent },
        shareOfRequests: SHARE_OF_REQUESTS,
      },
    ],
  },
  enact: (scene) => ({ web: [adding({ arrivals: createCrawl(scene) }, "crawler")] }),
};

function createCrawl({ startMs, ordinary, random }: Scene): (secondMs: number) => readonly Arrival[] {
  let fetched = 0;
  let patience = 1;
  let wasTurnedAway = false;
  const onAnswer = (status: number): void => {
    if (status === 403) wasTurnedAway = true;
  };

  function request(secondMs: number): Arrival {
    const isPage = random.chance(PAGE_SHARE);
    // A picture belongs to the page that was fetched last.
    const page = newspaper.archive(isPage ? fetched++ : Math.max(fetched - 1, 0));
    return {
      atMs: secondMs + random.int(SECOND_MS),
      client: CLIENT,
      method: "GET",
      host: newspaper.host,
      path: isPage ? page : page.replace("/article/", "/images/").concat("/cover-800.webp"),
      referer: null,
      kind: isPage ? "page" : "file",
      status: 200,
      bodyBytes: Math.round(random.logNormal(isPage ? 14_000 : 41_000, 0.25)),
      onAnswer,
    };
  }

  return (secondMs) => {
    if (secondMs < startMs) return [];
    patience = wasTurnedAway
      ? Math.max(PATIENCE_LEFT, patience * PATIENCE_KEPT_PER_SEC)
      : Math.min(1, patience / PATIENCE_KEPT_PER_SEC);
    wasTurnedAway = false;
    const timesOrdinary = SHARE_OF_REQUESTS / (1 - SHARE_OF_REQUESTS);
    const mean = ordinary.web.expectedPerSec(secondMs) * timesOrdinary * patience;
    return Array.from({ length: random.poisson(mean) }, () => request(secondMs));
  };
}
