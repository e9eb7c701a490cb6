import type { Dimension } from "../../domain/traffic.ts";
import type { Arrival, Client } from "../site/arrival.ts";
import type { Effect } from "../site/effect.ts";
import type { LineFormat } from "../site/line-format.ts";
import type { Population } from "../site/people.ts";
import type { Random } from "../site/random.ts";
import type { SiteMap } from "../site/site-map.ts";

/** What a cause of an incident plays in. */
export interface Setting {
  /** Marks the requests that it adds. */
  readonly label: string;
  readonly onsetMs: number;
  readonly endMs: number | null;
  /** From the onset to its end, or to that of the log. */
  readonly lastsMs: number;
  /** How much of its full strength there is, 0–1: it may need some minutes to rise. */
  level(atMs: number): number;
  /** Requests that it should add, where that is its nature, over the ordinary ones. */
  readonly strength: number;
  /** The sites of the service, the largest first. */
  readonly sites: readonly [SiteMap, ...SiteMap[]];
  /** Ordinary requests and visits of people a second, all sites together. */
  requestsPerSec(atMs: number): number;
  visitsPerSec(atMs: number): number;
  readonly population: Population;
  readonly format: LineFormat;
  /** Addresses of the machines. */
  readonly targets: readonly string[];
  readonly random: Random;
}

/** A cause as it is played, with what is known of it beforehand. */
export interface PlayedCause {
  readonly variant: string;
  readonly slice: Readonly<Partial<Record<Dimension, readonly string[]>>>;
  /** Whether those who send its requests are to blame. */
  readonly hasSuspects: boolean;
  readonly effect: Effect;
}

/** Makes as many requests as are due in a second. */
export function draw(random: Random, mean: number, make: () => Arrival): readonly Arrival[] {
  return mean > 0 ? Array.from({ length: random.poisson(mean) }, make) : [];
}

/** A page that a client asks for without having been anywhere else; `more` says what is different. */
export function pageRequest(
  options: { readonly secondMs: number; readonly client: Client; readonly host: string; readonly path: string },
  random: Random,
  more: Partial<Arrival> = {},
): Arrival {
  const { secondMs, client, host, path } = options;
  return {
    atMs: secondMs + random.int(1_000),
    client,
    method: "GET",
    host,
    path,
    referer: null,
    kind: "page",
    status: 200,
    bodyBytes: Math.round(random.logNormal(15_000, 0.3)),
    ...more,
  };
}
