import { describe, expect, it } from "@jest/globals";
import { analyse } from "../../src/domain/analysis.ts";
import { MINUTE_MS } from "../../src/domain/time-window.ts";
import { buildInput, type Hit } from "../support/build-traffic.ts";
import { crawler, people, type Site, seededRandom } from "../support/simulate-traffic.ts";

const START_MS = Date.UTC(2026, 10, 21, 13, 2);
const WINDOW = { startMs: START_MS, endMs: START_MS + 120 * MINUTE_MS };
/** About 110 requests a minute. */
const VISITS_PER_MIN = 10;

const ALWAYS = { from: -5, to: 120 };
const SPIKE = { from: 60, to: 120 };

function usual(site: Site): Hit[] {
  return people(site, ALWAYS, () => VISITS_PER_MIN);
}

function crowd(site: Site, factor: number): Hit[] {
  return people(site, SPIKE, () => (factor - 1) * VISITS_PER_MIN, { referer: "tv.example", landing: "/" });
}

function many(count: number, make: (i: number) => Hit[]): Hit[] {
  return Array.from({ length: count }, (_, i) => make(i)).flat();
}

interface Scenario {
  readonly name: string;
  readonly traffic: (site: Site) => Hit[];
  readonly kinds: readonly string[];
  readonly slice?: Readonly<Record<string, string>>;
  readonly changes: readonly string[];
}

const SCENARIOS: readonly Scenario[] = [
  { name: "ordinary traffic", traffic: usual, kinds: ["no-anomaly"], changes: [] },
  {
    name: "a slow rise to half as much again",
    traffic: (site) => people(site, ALWAYS, (minute) => 10 + minute * 0.05),
    kinds: ["no-anomaly"],
    changes: [],
  },
  ...[150, 300, 700, 5_000].map((perMin) => ({
    name: `a crawler of ${perMin} requests a minute`,
    traffic: (site: Site) => [...usual(site), ...crawler(site, SPIKE, perMin)],
    kinds: ["heavy-client"],
    slice: { ip: "198.51.100.14" },
    changes: ["block"],
  })),
  {
    name: "three crawlers",
    traffic: (site) => [
      ...usual(site),
      ...many(3, (i) => crawler(site, SPIKE, 300 - 50 * i, { ip: `203.0.${i}.9`, userAgent: "curl/8.0" })),
    ],
    kinds: ["heavy-client", "heavy-client", "heavy-client"],
    slice: { ip: "203.0.0.9" },
    changes: ["block"],
  },
  {
    name: "a network of sixty small crawlers",
    traffic: (site) => [
      ...usual(site),
      ...many(60, (i) => crawler(site, SPIKE, 10, { ip: `203.0.113.${i}`, userAgent: `agent ${i % 7}` })),
    ],
    kinds: ["heavy-client"],
    slice: { net: "203.0.113.0/24" },
    changes: ["block"],
  },
  {
    name: "two hundred scattered addresses with one user agent",
    traffic: (site) => [
      ...usual(site),
      ...many(200, (i) => crawler(site, SPIKE, 3, { ip: `203.${i}.113.7`, userAgent: "Mozilla/5.0 (Odd) One/1" })),
    ],
    kinds: ["unknown"],
    slice: { userAgent: "Mozilla/5.0 (Odd) One/1" },
    changes: [],
  },
  {
    name: "a crawler behind a proxy whose address the log holds for everybody",
    traffic: (site) => [...usual(site), ...crawler(site, SPIKE, 700)].map((hit) => ({ ...hit, ip: "172.16.0.9" })),
    kinds: ["unknown"],
    slice: { userAgent: "UniversitySearchIndexer/1.2" },
    changes: [],
  },
  ...[2, 5, 20].map((factor) => ({
    name: `a crowd of ${factor} times the usual visitors`,
    traffic: (site: Site) => [...usual(site), ...crowd(site, factor)],
    kinds: ["flash-crowd"],
    slice: {},
    changes: ["scale"],
  })),
  {
    name: "a crowd and a crawler at once",
    traffic: (site) => [...usual(site), ...crowd(site, 4), ...crawler(site, SPIKE, 700)],
    kinds: ["heavy-client", "flash-crowd"],
    slice: { ip: "198.51.100.14" },
    changes: ["block", "scale"],
  },
  ...[2, 4].map((repeats) => ({
    name: `every request ${repeats} times, from everybody`,
    traffic: (site: Site) => [
      ...people(site, { from: -5, to: 60 }, () => VISITS_PER_MIN),
      ...people(site, SPIKE, () => VISITS_PER_MIN, { repeats }),
    ],
    kinds: ["client-regression"],
    slice: {},
    changes: [],
  })),
  {
    name: "a crawler that is gone",
    traffic: (site) => [...usual(site), ...crawler(site, { from: 60, to: 90 }, 800)],
    kinds: ["heavy-client"],
    slice: { ip: "198.51.100.14" },
    changes: [],
  },
];

describe("analyse names the cause of", () => {
  it.each(SCENARIOS)("$name", ({ traffic, kinds, slice, changes }) => {
    for (const seed of [1, 2]) {
      const hits = traffic({ startMs: START_MS, random: seededRandom(seed) });

      const finding = analyse(buildInput(hits, WINDOW));

      expect(finding.causes.map((cause) => cause.kind)).toEqual(kinds);
      expect(finding.causes[0].slice).toEqual(slice ?? {});
      expect(finding.suggestions.map((suggestion) => suggestion.change.kind)).toEqual(changes);
      expect(finding.causes[0].score).toBeGreaterThanOrEqual(0.5);
    }
  });
});
