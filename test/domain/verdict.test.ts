import { describe, expect, it } from "@jest/globals";
import { analyse } from "../../src/domain/analysis.ts";
import type { AnalysisInput } from "../../src/domain/analysis-input.ts";
import type { CheckedCrawler } from "../../src/domain/crawlers.ts";
import { MINUTE_MS } from "../../src/domain/time-window.ts";
import { buildInput, type Hit } from "../support/build-traffic.ts";
import { crawler, people, seededRandom } from "../support/simulate-traffic.ts";

const START_MS = Date.UTC(2026, 10, 21, 13, 2);
const WINDOW = { startMs: START_MS, endMs: START_MS + 120 * MINUTE_MS };

function site(seed = 7) {
  return { startMs: START_MS, random: seededRandom(seed) };
}

function input(extra: readonly Hit[], limits: Partial<AnalysisInput["limits"]> = {}): AnalysisInput {
  return buildInput([...people(site(), { from: -5, to: 120 }, () => 10), ...extra], WINDOW, limits);
}

const CRAWL = crawler(site(8), { from: 60, to: 120 }, 600);

describe("the verdict", () => {
  it("names a crawler with its numbers", () => {
    expect(analyse(input(CRAWL)).verdict).toMatch(
      /^web: [56]\.\d × its usual requests since 14:02 UTC \(± 1 min\), holding\. One client explains (99 %|nearly all) of the excess: 198\.51\.100\.14, "UniversitySearchIndexer\/1\.2", first seen 14:02:00, 10 requests a second; everybody else is at [01]\.\d+ × their usual requests \(heavy-client, 0\.99\)\.$/,
    );
  });

  it("says that nobody is responsible when everything doubled", () => {
    const hits = [
      ...people(site(), { from: -5, to: 60 }, () => 10),
      ...people(site(9), { from: 60, to: 120 }, () => 10, { repeats: 2 }),
    ];

    expect(analyse(buildInput(hits, WINDOW)).verdict).toMatch(
      /Nobody is responsible, everything grew in proportion: \d\.\d+ × as many clients, each at [12]\.\d × the usual rate, 1\.0\d × the usual bytes a request \(client-regression, 0\.\d\d\)\.$/,
    );
  });

  it("names where a crowd comes from", () => {
    const crowd = people(site(9), { from: 60, to: 120 }, () => 40, { referer: "tv.example", landing: "/" });

    expect(analyse(input(crowd)).verdict).toContain("sent by tv.example, most of them to /: this looks like a crowd");
  });

  it("tells that nothing is unusual with the windows compared", () => {
    expect(analyse(input([])).verdict).toMatch(
      /^web: nothing unusual found\. 2026-11-21 14:02–15:02 UTC has \d\.\d+ × the requests of 2026-11-21 13:02–14:02 UTC/,
    );
  });

  it("says that requests fell, and does not call that usual", () => {
    const outage = people(site(10), { from: -5, to: 120 }, (minute) => (minute < 60 ? 10 : 1));
    const { verdict } = analyse(buildInput(outage, WINDOW));

    expect(verdict).toMatch(/^web: no spike, but fewer requests than before\. [^,]+, for its length \(no-anomaly, /);
  });

  it("names an address that always sends most, although nothing changed", () => {
    const always = crawler(site(11), { from: 0, to: 120 }, 600);

    expect(analyse(input(always)).verdict).toMatch(
      /^web: nothing unusual found\. .+, although 198\.51\.100\.14 alone sends 8\d % of the requests, in both windows; it may have begun earlier \(no-anomaly, 0\.[5-8]/,
    );
  });

  it("calls nothing usual that it can hold against nothing", () => {
    const alone = crawler(site(12), { from: 60, to: 120 }, 600);

    expect(analyse(buildInput(alone, WINDOW)).verdict).toMatch(/^web: nothing to compare with\. .+ has none/);
  });

  it("does not take an empty log for a quiet service", () => {
    const finding = analyse(buildInput([], WINDOW));

    expect(finding.verdict).toContain("That is not the same as no traffic");
    expect(finding.causes[0].kind).toBe("unknown");
  });

  it("cuts what a client wrote, and takes line breaks out of it", () => {
    const crawl = crawler(site(8), { from: 60, to: 120 }, 600, { userAgent: `a\nb${"x".repeat(500)}` });

    const { verdict } = analyse(input(crawl));

    expect(verdict).not.toContain("\n");
    expect(verdict.length).toBeLessThan(500);
  });
});

describe("the suggestions", () => {
  it("predict what a block removes and whom it hits", () => {
    const [block] = analyse(input(CRAWL)).suggestions;

    expect(block?.change).toMatchObject({ kind: "block", addresses: ["198.51.100.14/32"], durationSecs: 3_600 });
    expect(block?.predicted.excessRemoved).toBeGreaterThan(0.98);
    expect(block?.predicted).toMatchObject({ baselineHarmed: 0, baselineClientsHarmed: 0 });
    expect(block?.predicted.ratioAfter).toBeCloseTo(1, 1);
  });

  it("scale by the growth, up to what is allowed, with the price", () => {
    const crowd = people(site(9), { from: 60, to: 120 }, () => 40, { referer: "tv.example", landing: "/" });
    const capacity = { min: 2, max: 6, desired: 2, running: 2 };

    const [scale] = analyse(input(crowd, { capacity, instanceHourUsd: 0.1 })).suggestions;

    expect(scale?.change).toMatchObject({ kind: "scale", fromInstances: 2, toInstances: 6 });
    expect(scale?.predicted.costPerHourUsd).toBe(0.4);
  });

  it("doubt a scale-out where the cache leaves more of the requests to the servers behind", () => {
    const crowd = people(site(9), { from: 60, to: 120 }, () => 40, { referer: "tv.example", landing: "/" });
    const seen = input(crowd, { capacity: { min: 2, max: 6, desired: 2, running: 2 } });
    const { baseline, spike } = seen.breakdown;
    const cached = (counts: typeof spike, missed: number) => ({
      ...counts,
      cacheMisses: counts.requests * missed,
      backendSecs: counts.requests * missed * 0.1,
    });
    const breakdown = { ...seen.breakdown, baseline: cached(baseline, 0.05), spike: cached(spike, 0.5) };

    const [scale] = analyse({ ...seen, breakdown }).suggestions;

    expect(scale?.change.kind).toBe("scale");
    expect(scale?.caution).toBe(
      "More instances may not help: the cache leaves 10 × the usual share of requests to the servers behind.",
    );
    expect(scale?.because).toContain(scale?.caution ?? "?");
  });

  it.each([
    ["addresses that are never blocked", { neverBlock: ["198.51.100.0/24"] }],
    ["anything where nothing can be blocked", { mayBlock: false }],
    ["anything where no address may be", { maxAddresses: 0 }],
  ])("do not block %s", (_, limits) => {
    expect(analyse(input(CRAWL, limits)).suggestions).toEqual([]);
  });

  it("do not block a CDN, and the advice says how to block behind it", () => {
    const guarded = [{ cidr: "198.51.100.0/24", rule: "cdn", whose: "Cloudflare" }] as const;

    const { suggestions, advice } = analyse(input(CRAWL, { guarded }));

    expect(suggestions).toEqual([]);
    expect(advice).toMatchObject([{ kind: "none", because: expect.stringContaining("`trustedProxies`") }]);
    expect(advice?.[0]?.because).toContain("which belongs to Cloudflare");
  });

  it("do not offer again what is blocked already, and the verdict says that it is", () => {
    const finding = analyse(input(CRAWL, { blocked: ["198.51.100.0/24"] }));

    expect(finding.suggestions).toEqual([]);
    expect(finding.verdict).toContain("198.51.100.14 (blocked already)");
  });

  it("say of who is only limited that it is, and offer the block", () => {
    const rateLimit = { limit: 300, windowSecs: 300, standing: ["198.51.100.0/24"] };

    const finding = analyse(input(CRAWL, { prepared: { rateLimit, challenge: null } }));

    expect(finding.suggestions).toMatchObject([{ change: { kind: "block", addresses: ["198.51.100.14/32"] } }]);
    expect(finding.suggestions[0]?.change).not.toHaveProperty("measure");
    expect(finding.verdict).toContain("198.51.100.14 (rate-limited already)");
  });

  it("offer nothing for what is over, but where a log is read after the fact", () => {
    const over = crawler(site(8), { from: 60, to: 90 }, 600);

    expect(analyse(input(over)).onset?.endMs).not.toBeNull();
    expect(analyse(input(over)).suggestions).toEqual([]);
    expect(analyse(input(over, { offersForPast: true })).suggestions).toMatchObject([
      { change: { kind: "block", addresses: ["198.51.100.14/32"] } },
    ]);
  });

  it("do not block a client that is much of the usual traffic", () => {
    const partner = [
      ...crawler(site(8), { from: 0, to: 60 }, 10, { ip: "203.0.113.9", userAgent: "partner/1" }),
      ...crawler(site(9), { from: 60, to: 120 }, 600, { ip: "203.0.113.9", userAgent: "partner/1" }),
    ];

    const finding = analyse(input(partner));

    expect(finding.causes[0]).toMatchObject({ kind: "heavy-client", slice: { ip: "203.0.113.9" } });
    expect(finding.suggestions).toEqual([]);
  });
});

describe("a heavy client that says it is a search engine's crawler", () => {
  const says = (userAgent: string, ip = "198.51.100.14", perMin = 600) =>
    crawler(site(8), { from: 60, to: 120 }, perMin, { ip, userAgent });

  it.each([
    ["Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)", "Googlebot"],
    ["Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", "bingbot"],
    ["DuckDuckBot/1.1; (+http://duckduckgo.com/duckduckbot.html)", "DuckDuckBot"],
    ["Mozilla/5.0 (compatible; YandexBot/3.0)", "YandexBot"],
    ["Mozilla/5.0 (compatible; Baiduspider/2.0)", "Baiduspider"],
    ["Mozilla/5.0 (Macintosh) (Applebot/0.1)", "Applebot"],
  ])("is still named, and to be verified before it is blocked: %s", (userAgent, name) => {
    const { causes, suggestions } = analyse(input(says(userAgent)));

    expect(causes[0]).toMatchObject({ kind: "heavy-client", slice: { ip: "198.51.100.14" } });
    expect(causes[0].score).toBeGreaterThan(0.9);
    expect(causes[0].evidence).toContainEqual({
      code: "claims-crawler",
      direction: "against",
      statement: `it says that it is ${name}, which anybody can say; look up its address before you block`,
      value: 1,
    });
    expect(suggestions).toMatchObject([
      {
        change: { kind: "block", reason: expect.stringContaining(`; it says that it is ${name}: verify that first`) },
        because: expect.stringContaining(`. It says that it is ${name}: verify that first.`),
        caution: `It says that it is ${name}: verify that first.`,
      },
    ]);
  });

  it("is told from the others that a block would hit", () => {
    const three = ["Googlebot/2.1", "Googlebot/2.1 (again)", "bingbot/2.0"].flatMap((userAgent, i) =>
      says(userAgent, `203.0.${i}.9`, 600 - 150 * i),
    );

    expect(analyse(input(three)).suggestions[0]?.caution).toBe(
      "2 of them say that they are Googlebot: verify that first. 203.0.2.9 says that it is bingbot: verify that first.",
    );
  });

  const googlebot = says("Googlebot/2.1");
  const checked = (check: CheckedCrawler["check"]) => [
    { address: "198.51.100.14", name: "Googlebot", check, toldBy: check === "cannot-tell" ? null : "dns" } as const,
  ];

  it.each([
    ["verified", "verified-crawler", "against", "it is Googlebot, confirmed by DNS"],
    ["forged", "forged-crawler", "for", "it says that it is Googlebot, and DNS says that it is not"],
    ["cannot-tell", "claims-crawler", "against", "it says that it is Googlebot, which anybody can say"],
  ] as const)("is told in the verdict, and why, where it is %s", (check, code, direction, clause) => {
    const { causes, verdict } = analyse({ ...input(googlebot), crawlers: checked(check) });

    expect(causes[0]).toMatchObject({ kind: "heavy-client", slice: { ip: "198.51.100.14" } });
    expect(causes[0].evidence).toContainEqual(
      expect.objectContaining({ code, direction, statement: expect.stringContaining(clause) }),
    );
    expect(verdict).toContain(`198.51.100.14 (${clause})`);
  });

  it("is not to be verified again before a block where DNS says that it is not", () => {
    const { suggestions } = analyse({ ...input(googlebot), crawlers: checked("forged") });

    expect(suggestions[0]?.because).toContain("It says that it is Googlebot, and DNS says that it is not.");
  });

  it("is not suspected where it says nothing of the kind", () => {
    expect(analyse(input(CRAWL)).suggestions[0]).not.toHaveProperty("caution");
  });
});
