import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { CauseKind, Finding } from "../src/domain/finding.ts";
import { MINUTE_MS } from "../src/domain/time-window.ts";
import type { Hit } from "./support/build-traffic.ts";
import { investigateHits, type LoggedHit } from "./support/investigate-hits.ts";
import { crawler, people, type Site, seededRandom } from "./support/simulate-traffic.ts";

const START_MS = Date.UTC(2026, 10, 21, 13);
const MINUTES = 30;
const BEGAN_MS = START_MS + 20 * MINUTE_MS;
/** A log in memory is slow, so that there are few cases: other ones at every run, which a failure names the seed of. */
const FRESH = { numRuns: 4 };
/** Where so few are no search they are the same ones at every run. */
const SOME = { numRuns: 4, seed: 20 };
const MORE_MINUTES = { from: 20, to: MINUTES };

const seeds = fc.integer({ min: 1, max: 1_000 });
const anySeeds = fc.integer({ min: 0, max: 0xffff_ffff });
/** From a site that hardly anybody visits on: where there are few, chance makes much of them. */
const sizes = fc.integer({ min: 1, max: 12 });

function site(seed: number): Site {
  return { startMs: START_MS, random: seededRandom(seed) };
}

function within<Each extends Hit>(hits: readonly Each[]): Each[] {
  return hits.filter(({ atMs }) => atMs >= START_MS && atMs < START_MS + MINUTES * MINUTE_MS);
}

function usual(seed: number, visitsPerMin = 5): Hit[] {
  return within(people(site(seed), { from: -5, to: MINUTES }, () => visitsPerMin));
}

function crawled(seed: number): Hit[] {
  return [...usual(seed), ...crawler(site(seed + 1), MORE_MINUTES, 150)];
}

/** So many machines, each of a network of its own, that ask for the front page and nothing else. */
function flood(seed: number, machines: number): Hit[] {
  const random = seededRandom(seed + 2);
  return Array.from({ length: 3 * machines }, (_, i) => ({
    atMs: BEGAN_MS + random() * 10 * MINUTE_MS,
    ip: `${150 + Math.floor((i % machines) / 250)}.${i % 250}.113.7`,
    userAgent: "Go-http-client/1.1",
    path: "/",
    host: "shop.example",
    refererHost: null,
    status: 200,
    bytes: 8_000,
  }));
}

/** From then on a part of the requests fails, and each of those is tried again so many times. */
function retried(hits: readonly Hit[], tries: number): Hit[] {
  return hits.flatMap((hit, i) => {
    if (hit.atMs < BEGAN_MS || i % 2 === 0) return [hit];
    return Array.from({ length: tries + 1 }, (_, n) => ({ ...hit, status: 503, atMs: hit.atMs + 2_500 * n }));
  });
}

async function findingOn(hits: readonly LoggedHit[]): Promise<Finding> {
  const { finding } = await investigateHits(within(hits));
  if (finding === null) throw new Error("no request");
  return finding;
}

function scoreOf({ causes }: Finding, kind: CauseKind): number {
  return Math.max(0, ...causes.filter((cause) => cause.kind === kind).map(({ score }) => score));
}

/** What must not depend on names, order or size. */
function essence({ causes }: Finding) {
  return causes.filter(({ score }) => score >= 0.5).map(({ kind, excessShare }) => ({ kind, excessShare }));
}

describe("an investigation", () => {
  it("blames nobody and offers no change where everybody sends k times as much", async () => {
    await fc.assert(
      fc.asyncProperty(anySeeds, fc.integer({ min: 2, max: 6 }), sizes, async (seed, k, visitsPerMin) => {
        const hits = usual(seed, visitsPerMin).flatMap((hit) =>
          hit.atMs < BEGAN_MS ? [hit] : Array.from({ length: k }, (_, n) => ({ ...hit, atMs: hit.atMs + 300 * n })),
        );

        const finding = await findingOn(hits);

        // Bursts can hide a doubling: then there is nothing to say, and that is no blame either.
        expect(["client-regression", "unknown", "no-anomaly"]).toContain(finding.causes[0].kind);
        expect(finding.causes.filter(({ slice }) => slice.ip !== undefined || slice.net !== undefined)).toEqual([]);
        expect(finding.suggestions).toEqual([]);
      }),
      FRESH,
    );
  }, 60_000);

  it("does not care for the order of lines", async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const hits = crawled(seed);
        const random = seededRandom(seed);
        const shuffled = hits
          .map((hit) => [random(), hit] as const)
          .sort(([a], [b]) => a - b)
          .map(([, hit]) => hit);

        expect(await findingOn(shuffled)).toEqual(await findingOn(hits));
      }),
      SOME,
    );
  }, 60_000);

  it("does not care what addresses and user agents are called", async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const hits = crawled(seed);
        const renamed = hits.map((hit) => ({
          ...hit,
          ip: hit.ip.replace(/^100\./, "60.").replace(/^198\.51/, "20.9"),
          userAgent: hit.userAgent.replace("Machine", "Apparatus").replace("UniversitySearch", "LibraryBook"),
        }));

        expect(essence(await findingOn(renamed))).toEqual(essence(await findingOn(hits)));
      }),
      SOME,
    );
  }, 60_000);

  it("does not care for the size of the site", async () => {
    await fc.assert(
      fc.asyncProperty(seeds, async (seed) => {
        const hits = crawled(seed);
        // The crawler is one and sends twice as much; of everybody else there are twice as many.
        const twice = hits.flatMap((hit) => [
          hit,
          {
            ...hit,
            ip: hit.ip.replace(/^100\./, "60."),
            path: hit.ip.startsWith("100.") ? hit.path : `${hit.path}/more`,
          },
        ]);

        const [one, two] = [essence(await findingOn(hits)), essence(await findingOn(twice))];

        expect(two.map(({ kind }) => kind)).toEqual(one.map(({ kind }) => kind));
        expect(Math.abs((two[0]?.excessShare ?? 0) - (one[0]?.excessShare ?? 0))).toBeLessThan(0.05);
      }),
      SOME,
    );
  }, 60_000);

  it.each<[string, CauseKind, readonly [(seed: number) => Hit[], (seed: number) => Hit[]]]>([
    [
      "a crawler that sends more",
      "heavy-client",
      [
        (seed) => [...usual(seed), ...crawler(site(seed + 1), MORE_MINUTES, 100)],
        (seed) => [...usual(seed), ...crawler(site(seed + 1), MORE_MINUTES, 300)],
      ],
    ],
    [
      "a flood from more clients",
      "distributed-flood",
      [(seed) => [...usual(seed), ...flood(seed, 250)], (seed) => [...usual(seed), ...flood(seed, 750)]],
    ],
    ["a storm of more tries", "retry-storm", [(seed) => retried(usual(seed), 2), (seed) => retried(usual(seed), 4)]],
  ])(
    "never finds less likely %s",
    async (_name, kind, [some, more]) => {
      await fc.assert(
        fc.asyncProperty(seeds, async (seed) => {
          const [before, after] = [await findingOn(some(seed)), await findingOn(more(seed))];

          expect(after.causes[0].kind).toBe(kind);
          expect(scoreOf(after, kind)).toBeGreaterThanOrEqual(scoreOf(before, kind) - 1e-9);
        }),
        SOME,
      );
    },
    60_000,
  );
});
