import { describe, expect, it } from "@jest/globals";
import { findLead } from "../src/domain/lead.ts";
import { DAY_MS, MINUTE_MS } from "../src/domain/time-window.ts";
import type { Hit } from "./support/build-traffic.ts";
import { investigateHits } from "./support/investigate-hits.ts";
import { crawler, people, seededRandom } from "./support/simulate-traffic.ts";

const START_MS = Date.UTC(2026, 10, 21, 13);
const CRAWLER = "198.51.100.14";
/** In the middle of a minute, so that minutes alone cannot tell it. */
const BEGAN_MINUTE = 40.6;

function site(seed: number) {
  return { startMs: START_MS, random: seededRandom(seed) };
}

/** Half-filled first minutes of visits that began before are left out. */
function within(hits: readonly Hit[], minutes = 60): Hit[] {
  return hits.filter(({ atMs }) => atMs >= START_MS && atMs < START_MS + minutes * MINUTE_MS);
}

function usual(seed = 1, minutes = 60): Hit[] {
  return within(
    people(site(seed), { from: -5, to: minutes }, () => 5),
    minutes,
  );
}

describe("an investigation", () => {
  it("tells to the second since when a client is there", async () => {
    const crawl = crawler(site(2), { from: BEGAN_MINUTE, to: 60 }, 200);
    const firstMs = Math.min(...crawl.map(({ atMs }) => atMs));

    const { finding } = await investigateHits([...usual(), ...crawl]);

    expect(finding?.causes[0]).toMatchObject({ kind: "heavy-client", slice: { ip: CRAWLER } });
    expect(Math.abs((finding?.onset?.onsetMs ?? 0) - firstMs)).toBeLessThan(1_000);
    expect((finding?.onset?.highMs ?? 0) - (finding?.onset?.lowMs ?? 0)).toBeLessThan(15_000);
  });

  it("tells to the half minute since when everybody repeats requests", async () => {
    const beganMs = START_MS + BEGAN_MINUTE * MINUTE_MS;
    const hits = usual().flatMap((hit) => (hit.atMs < beganMs ? [hit] : [hit, { ...hit, atMs: hit.atMs + 700 }]));

    const { finding } = await investigateHits(within(hits));

    expect(finding?.causes[0]).toMatchObject({ kind: "client-regression", slice: {} });
    expect(Math.abs((finding?.onset?.onsetMs ?? 0) - beganMs)).toBeLessThan(30_000);
  });

  it("says of a rise that is there every day that it is usual, and of one beyond it that it is not", async () => {
    const evening = (minute: number) => (minute < 30 ? 5 : 15);
    const hits = within(people(site(5), { from: -5, to: 60 }, evening));
    const days = 5;
    const history = {
      startMs: START_MS - days * DAY_MS,
      stepMs: 5 * MINUTE_MS,
      requests: Array.from({ length: days * 288 }, (_, i) => 100 * evening((5 * i) % 1_440)),
    };

    const [without, usualDay, flooded] = await Promise.all([
      investigateHits(hits),
      investigateHits(hits, { history }),
      investigateHits(within([...hits, ...crawler(site(6), { from: 40, to: 60 }, 900)]), { history }),
    ]);

    expect(without.finding?.causes[0].kind).toBe("flash-crowd");
    expect(usualDay.finding?.causes[0]).toMatchObject({
      kind: "no-anomaly",
      evidence: [{ code: "as-every-day", statement: "requests rise as they did at this time on earlier days" }],
    });
    expect(usualDay.finding?.verdict).toMatch(/^web: no more than is usual at this time of day\. .* has \d\.\d × /);
    expect(flooded.finding?.causes[0]).toMatchObject({ kind: "heavy-client", slice: { ip: CRAWLER } });
  });

  it.each([
    ["crowd", 5_000, ["flash-crowd", "distributed-flood"]],
    ["flood", 12_000, ["distributed-flood", "flash-crowd"]],
  ])("puts the larger of a crowd and a flood first, however well they fit: the %s", async (_name, size, kinds) => {
    const crowd = people(site(7), { from: 40, to: 60 }, () => 25, { referer: "news.example", landing: "/blog/1" });
    const random = seededRandom(8);
    const flood = Array.from({ length: size }, (_, i) => ({
      atMs: START_MS + (40 + 20 * random()) * MINUTE_MS,
      ip: `${150 + (i % 7)}.${Math.floor(i / 7) % 250}.113.7`,
      userAgent: "Go-http-client/1.1",
      path: "/",
      host: "shop.example",
      refererHost: null,
      status: 200,
      bytes: 8_000,
    }));

    const { finding } = await investigateHits(within([...usual(), ...crowd, ...flood]));

    expect(finding?.causes.filter(({ score }) => score >= 0.5).map(({ kind }) => kind)).toEqual(kinds);
  });

  it("looks closer at what grew, where the ups and downs of the whole hide it", async () => {
    const waves = people(site(3), { from: -5, to: 60 }, (minute) => 9 + 6 * Math.sin(minute / 4));
    const crawl = crawler(site(4), { from: 30, to: 60 }, 30);

    const { finding, wholeMinutes } = await investigateHits(within([...waves, ...crawl]));

    expect(findLead(wholeMinutes)).toBeNull();
    expect(finding?.causes[0]).toMatchObject({ kind: "heavy-client", slice: { ip: CRAWLER } });
    expect(Math.abs((finding?.onset?.onsetMs ?? 0) - (START_MS + 30 * MINUTE_MS))).toBeLessThanOrEqual(MINUTE_MS);
  });

  it("finds nothing by looking closer at ups and downs alone", async () => {
    const waves = people(site(3), { from: -5, to: 60 }, (minute) => 9 + 6 * Math.sin(minute / 4));

    const { finding, guilty } = await investigateHits(within(waves));

    expect(finding?.causes).toMatchObject([{ kind: "no-anomaly" }]);
    expect(finding?.onset).toBeNull();
    expect(guilty).toBeNull();
  });

  it("gives the requests of the guilty slice on the same minutes", async () => {
    const crawl = crawler(site(2), { from: 40, to: 60 }, 200);

    const { guilty, wholeMinutes } = await investigateHits([...usual(), ...crawl]);

    expect(guilty?.startMs).toBe(wholeMinutes.startMs);
    expect(guilty?.requests).toHaveLength(wholeMinutes.requests.length);
    expect(guilty?.requests.slice(0, 39).every((count) => count === 0)).toBe(true);
  });

  it("takes the asker's word for what is usual, and finds no spike where the rest is alike", async () => {
    const baseline = { startMs: START_MS, endMs: START_MS + 30 * MINUTE_MS };

    const { finding, breakdown } = await investigateHits(usual(), { baseline });

    expect(breakdown.baselineWindow).toEqual(baseline);
    expect(breakdown.spikeWindow.startMs).toBe(baseline.endMs);
    expect(finding?.causes[0].kind).toBe("no-anomaly");
  });

  it("looks only at what the filter lets through", async () => {
    const crawl = crawler(site(2), { from: 40, to: 60 }, 200);

    const { finding } = await investigateHits([...usual(), ...crawl], { filter: { not: { ip: CRAWLER } } });

    expect(finding?.causes).toMatchObject([{ kind: "no-anomaly" }]);
  });

  it("has no finding on a log without a request", async () => {
    const { finding, guilty, series } = await investigateHits([]);

    expect(finding).toBeNull();
    expect(guilty).toBeNull();
    expect(series.requests).toEqual([]);
  });

  it("counts seconds of whole requests where the log tells none of the servers behind", async () => {
    const slow = usual().map((hit) => ({
      ...hit,
      totalSecs: hit.atMs < START_MS + 40 * MINUTE_MS ? 0.1 : 0.4,
    }));

    const { finding } = await investigateHits(slow);

    expect(finding?.measure).toBe("totalSecs");
    expect(finding?.causes[0].kind).toBe("slow-backend");
  });
});
