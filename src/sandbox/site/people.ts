import type { Client } from "./arrival.ts";
import { drawBrowser } from "./browsers.ts";
import type { Random } from "./random.ts";

/** First octets of networks that mostly serve homes and phones. Simulated only: nothing is ever sent to them. */
const HOME_NETWORKS = [
  2, 5, 24, 31, 37, 46, 62, 67, 71, 73, 76, 77, 78, 79, 80, 81, 82, 83, 84, 86, 87, 88, 89, 90, 91, 92, 93, 94, 95, 98,
  109, 151, 176, 178, 188, 212, 213, 217,
];
const HOME_NETWORKS_V6 = ["2a00:23c5", "2a02:8071", "2a01:e0a", "2a0a:a546", "2600:1700", "2601:648", "2003:d6"];
const IPV6_SHARE = 0.14;

/** A person with one device. */
export interface Person {
  readonly client: Client;
  /** Whether their browser holds the site's shared files from a visit before. */
  hasCache: boolean;
}

export interface Population {
  /** Somebody for the next visit: most often one who comes again, some more often than others. */
  visitor(): Person;
  /** Somebody who was never here. */
  newcomer(): Person;
  /** Somebody who was never here, from a network that regulars come from: a /24, in IPv6 a /48. */
  neighbour(): Person;
}

/** Share of visits by people who were never here. */
const NEWCOMER_SHARE = 0.3;

/** Makes the people who use a site; newcomers take the place of regulars, so that it never grows. */
export function createPopulation(options: { readonly size: number; readonly random: Random }): Population {
  const { random } = options;
  const people = Array.from({ length: options.size }, () => person(random, random.chance(0.8)));

  function newcomer(): Person {
    return person(random, false);
  }

  function visitor(): Person {
    // The power crowds visits onto the first of the list: a few come every hour, many once a month.
    const seat = Math.floor(people.length * random.unit() ** 1.4);
    const regular = people[seat] as Person;
    if (!random.chance(NEWCOMER_SHARE)) return regular;
    const fresh = newcomer();
    people[random.int(people.length)] = fresh;
    return fresh;
  }

  function neighbour(): Person {
    const regular = people[Math.floor(people.length * random.unit() ** 1.4)] as Person;
    const fresh = newcomer();
    return { ...fresh, client: { ...fresh.client, address: besides(regular.client.address, random) } };
  }

  return { visitor, newcomer, neighbour };
}

/** Draws an address out of the networks of homes and phones. */
export function drawAddress(random: Random): string {
  if (!random.chance(IPV6_SHARE)) {
    return `${random.pick(HOME_NETWORKS)}.${random.int(254) + 1}.${random.int(256)}.${random.int(254) + 1}`;
  }
  const groups = Array.from({ length: 5 }, () => (random.int(0xefff) + 0x1000).toString(16));
  return `${random.pick(HOME_NETWORKS_V6)}:${(random.int(0xfff) + 1).toString(16)}:${groups.join(":")}`;
}

/** Draws another address of the same network. */
function besides(address: string, random: Random): string {
  if (!address.includes(":")) return address.replace(/\d+$/, String(random.int(254) + 1));
  const groups = Array.from({ length: 5 }, () => (random.int(0xefff) + 0x1000).toString(16));
  return [...address.split(":").slice(0, 3), ...groups].join(":");
}

function person(random: Random, hasCache: boolean): Person {
  const client: Client = { address: drawAddress(random), userAgent: drawBrowser(random), protocol: "HTTP/2.0" };
  return { client, hasCache };
}
