import type { Arrival, Client } from "../../site/arrival.ts";
import { drawBrowser } from "../../site/browsers.ts";
import { adding } from "../../site/effect.ts";
import { drawHostingAddress, drawHostingNetwork } from "../../site/hosting.ts";
import type { Random } from "../../site/random.ts";
import type { SiteMap } from "../../site/site-map.ts";
import { draw, type PlayedCause, pageRequest, type Setting } from "../setting.ts";

const DECLARED = [
  "UniversitySearchIndexer/1.2",
  "python-requests/2.32.3",
  "Scrapy/2.12.0 (+https://scrapy.org)",
  "Mozilla/5.0 (compatible; MegaIndex/4.1; +http://megaindex.example/crawler)",
  "Go-http-client/2.0",
  "axios/1.7.9",
  "Java/21.0.5",
  "curl/8.11.1",
];
/** Crawlers that say that they are a browser. */
const DISGUISED_SHARE = 0.3;

/** One address, a few, or the machines of one network ask for far more than anybody else. */
export function playHeavyClient(setting: Setting): PlayedCause {
  const { random, strength, sites } = setting;
  const userAgent = random.chance(DISGUISED_SHARE) ? drawBrowser(random) : random.pick(DECLARED);
  const { variant, addresses, network } = drawAddresses(random);
  const clients = addresses.map((address): Client => ({ address, userAgent, protocol: "HTTP/1.1" }));
  const nextPath = drawWalk(sites[0], random);

  function request(secondMs: number): Arrival {
    const { path, kind, bodyBytes } = nextPath();
    // Machines that share the work do so evenly.
    return pageRequest({ secondMs, client: random.pick(clients), host: sites[0].host, path }, random, {
      kind,
      status: random.weighted([
        [200, 92],
        [404, 5],
        [301, 3],
      ]),
      bodyBytes,
    });
  }

  return {
    variant,
    slice: { ip: addresses, userAgent: [userAgent], ...(network !== null && { net: [network] }) },
    hasSuspects: true,
    effect: adding(
      {
        arrivals: (secondMs) =>
          draw(random, strength * setting.requestsPerSec(secondMs) * setting.level(secondMs), () => request(secondMs)),
      },
      setting.label,
    ),
  };
}

function drawAddresses(random: Random): { variant: string; addresses: readonly string[]; network: string | null } {
  const variant = random.weighted([
    ["one-address", 50],
    ["few-addresses", 25],
    ["one-network", 25],
  ]);
  if (variant === "one-address") return { variant, addresses: [drawHostingAddress(random)], network: null };
  if (variant === "few-addresses") {
    const addresses = Array.from({ length: 2 + random.int(7) }, () => drawHostingAddress(random));
    return { variant, addresses: [...new Set(addresses)], network: null };
  }
  const prefix = drawHostingNetwork(random);
  const addresses = new Set(Array.from({ length: 20 + random.int(60) }, () => `${prefix}${random.int(254) + 1}`));
  return { variant, addresses: [...addresses], network: `${prefix}0/24` };
}

type Step = Pick<Arrival, "path" | "kind" | "bodyBytes">;

/** Through the archive page by page, or at one place again and again. */
function drawWalk(site: SiteMap, random: Random): () => Step {
  const bodyBytes = (median: number) => Math.round(random.logNormal(median, 0.3));
  if (random.chance(0.3)) {
    return () => ({ path: `/search?q=${random.hex(5)}`, kind: "page", bodyBytes: bodyBytes(9_000) });
  }
  const fileShare = random.between(0, 0.4);
  let index = random.int(400);
  return () => {
    const page = site.archive(index);
    const part = random.chance(fileShare) ? site.parts(page, random).find(({ isShared }) => !isShared) : undefined;
    if (part !== undefined) return { path: part.path, kind: part.kind, bodyBytes: part.bodyBytes };
    index++;
    return { path: page, kind: "page", bodyBytes: bodyBytes(15_000) };
  };
}
