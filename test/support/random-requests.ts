/** Made-up requests, windows and filters that have something of everything, for holding an engine against the fake. */
import fc from "fast-check";
import { DIMENSIONS, type Dimension, type TrafficFilter } from "../../src/domain/traffic.ts";
import type { FakeRequest } from "./fake-request.ts";

export const START_MS = Date.UTC(2026, 9, 1, 12);
const AGENTS = ["curl/8.5.0", "Mozilla/5.0 (X11) Firefox/140.0", "O'Brien \\x22bot\\x22"];
const PATHS = ["/", "/orders/1", "/orders/2", "/orders/2/items/77", "/about", "/%D9%84"];
const CLIENTS = ["198.51.100.1", "198.51.100.2", "203.0.113.9", "2001:db8::1", "2001:db8:0:ffff::2", "2001:db8:1::1"];
const CACHES = ["Hit", "Miss", "RefreshHit", "EXPIRED", "pass", "Error"];

function maybe<Value>(...values: readonly Value[]): fc.Arbitrary<Value | undefined> {
  return fc.option(fc.constantFrom(...values), { nil: undefined, freq: 4 });
}

const request = fc
  .record({
    atMs: fc.nat(599_999).map((offset) => START_MS + offset),
    ip: maybe(...CLIENTS),
    owner: maybe("AS64496 EXAMPLE", "AS64497"),
    userAgent: maybe(...AGENTS),
    path: maybe(...PATHS),
    host: maybe("a.example", "b.example"),
    referer: maybe("https://a.example/x", "https://b.example:8443/y", "android-app://news"),
    status: maybe(101, 200, 404, 429, 499, 502),
    method: maybe("GET", "POST", "PROPPATCH"),
    query: maybe("q=1", "q=2&page=1"),
    queryKeys: maybe("q", "q&page"),
    queryShape: maybe("q", "q&page={random}"),
    scheme: maybe("https", "ws"),
    cache: maybe(...CACHES),
    tls: maybe("TLSv1.3"),
    node: maybe("FRA56-P1", "app/web/50dc"),
    target: maybe("10.0.0.7:8080"),
    bytes: maybe(0, 1_000, 999_999_999),
    totalSecs: fc.option(
      fc.nat(3_000).map((millis) => millis / 1_000),
      { nil: undefined },
    ),
    backendSecs: fc.option(
      fc.nat(3_000).map((millis) => millis / 1_000),
      { nil: undefined },
    ),
  })
  .map((fields) => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as unknown);

const sample = fc.sample(request, { numRuns: 600, seed: 7 }) as readonly FakeRequest[];
const sameThing = ({ atMs, ip, path, query }: FakeRequest) => JSON.stringify([atMs, ip, path, query]);

/** The same ones at every run. Of two for the same thing at the same moment, neither is the one that repeats. */
export const REQUESTS = [...new Map(sample.map((each) => [sameThing(each), each])).values()];

/** Within, around, over and beside the requests' ten minutes; some are empty. */
export const someWindow = fc
  .tuple(fc.integer({ min: -60, max: 660 }), fc.integer({ min: 0, max: 400 }))
  .map(([start, length]) => ({ startMs: START_MS + start * 1_000, endMs: START_MS + (start + length) * 1_000 }));

/** One that is there, or nobody. */
export const someClient = fc.constantFrom(...CLIENTS, "192.0.2.1");

const someValue = fc.constantFrom(
  ...CLIENTS,
  "198.51.100.0/24",
  "2001:db8::/48",
  "198.51.0.0/16",
  "2001:db8::/32",
  ...AGENTS,
  ...PATHS,
  ...CACHES,
  "/orders/{id}",
  "a.example",
  "q=1",
  "200",
  "502",
  "GET",
  "'; DROP TABLE requests; --",
  "nobody",
);
const someValues = fc.dictionary(fc.constantFrom(...DIMENSIONS), someValue, { maxKeys: 2 }) as fc.Arbitrary<
  Partial<Record<Dimension, string>>
>;

/** Some dimensions, each with some values, of which a request may have one or none. */
export const someLists = fc.dictionary(fc.constantFrom(...DIMENSIONS), fc.uniqueArray(someValue, { maxLength: 6 }), {
  maxKeys: 4,
}) as fc.Arbitrary<Partial<Record<Dimension, readonly string[]>>>;

export const someFilter: fc.Arbitrary<TrafficFilter> = fc.record({
  only: someValues,
  not: someValues,
  noneOf: fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: someLists }),
});
