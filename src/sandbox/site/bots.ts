import { SECOND_MS } from "../../domain/time-window.ts";
import type { Arrival, TrafficSource } from "./arrival.ts";
import type { DeclaredBot } from "./browsers.ts";
import { drawAddress } from "./people.ts";
import type { Random } from "./random.ts";
import type { SiteMap } from "./site-map.ts";

/** A declared bot on its round. */
export function createBot(options: {
  readonly bot: DeclaredBot;
  readonly site: SiteMap;
  readonly random: Random;
}): TrafficSource {
  const { bot, site, random } = options;
  const perSec = bot.requestsPerMin / 60;

  function request(secondMs: number): Arrival {
    const path = bot.reads === "feed" ? site.feed : site.next("/", random);
    const isUnchanged = random.chance(bot.reads === "feed" ? 0.7 : 0.15);
    return {
      atMs: secondMs + random.int(SECOND_MS),
      client: bot.client,
      method: "GET",
      host: site.host,
      path,
      referer: null,
      kind: "page",
      status: isUnchanged ? 304 : 200,
      bodyBytes: isUnchanged ? 0 : site.pageBytes(path, random),
    };
  }

  return { arrivals: (secondMs) => Array.from({ length: random.poisson(perSec) }, () => request(secondMs)) };
}

const PROBED = ["/wp-login.php", "/.env", "/xmlrpc.php", "/admin/config.php", "/.git/config", "/phpmyadmin/"];

/** The noise that every public address hears: somebody looks for somebody else's holes. */
export function createProbes(options: {
  readonly perMin: number;
  readonly host: string;
  readonly random: Random;
}): TrafficSource {
  const { host, random } = options;

  function probe(secondMs: number): Arrival {
    return {
      atMs: secondMs + random.int(SECOND_MS),
      client: { address: drawAddress(random), userAgent: "Mozilla/5.0", protocol: "HTTP/1.1" },
      method: random.chance(0.2) ? "POST" : "GET",
      host,
      path: random.pick(PROBED),
      referer: null,
      kind: "page",
      status: 404,
      bodyBytes: 1_900,
    };
  }

  return { arrivals: (secondMs) => Array.from({ length: random.poisson(options.perMin / 60) }, () => probe(secondMs)) };
}

/** The site's own uptime check, every half a minute to the second. */
export function createMonitor(address: string, host: string): TrafficSource {
  const client = { address, userAgent: "CourierUptime/3.1", protocol: "HTTP/1.1" } as const;
  return {
    arrivals: (secondMs) =>
      secondMs % (30 * SECOND_MS) === 0
        ? [
            {
              atMs: secondMs + 4,
              client,
              method: "GET",
              host,
              path: "/health",
              referer: null,
              kind: "api",
              status: 200,
              bodyBytes: 2,
            },
          ]
        : [],
  };
}
