import { describe, expect, it } from "@jest/globals";
import { analyse } from "../../src/domain/analysis.ts";
import { detectOnset } from "../../src/domain/onset.ts";
import { MINUTE_MS } from "../../src/domain/time-window.ts";
import { buildInput, buildSeries, type Hit } from "../support/build-traffic.ts";
import { readHits, readWorldCup, realTraffic, seriesOfCounts } from "../support/real-traffic.ts";
import { crawler, people, poisson, seededRandom } from "../support/simulate-traffic.ts";

const describeReal = realTraffic.isThere ? describe : describe.skip;

function spanOf(hits: readonly Hit[]) {
  const startMs = Math.floor((hits[0]?.atMs ?? 0) / MINUTE_MS) * MINUTE_MS;
  return { startMs, endMs: Math.ceil(((hits.at(-1)?.atMs ?? 0) + 1) / MINUTE_MS) * MINUTE_MS };
}

function alarms(requests: readonly number[], minutes: number) {
  let windows = 0;
  let found = 0;
  for (let first = 0; first + minutes <= requests.length; first += minutes / 2) {
    windows++;
    if (detectOnset(seriesOfCounts(requests.slice(first, first + minutes))) !== null) found++;
  }
  return { windows, found };
}

/** Adds a spike to the last part of every window, and tells in how many it is found to within a minute. */
function shareFound(requests: readonly number[], factor: number): number {
  const random = seededRandom(4);
  let windows = 0;
  let found = 0;
  for (let first = 0; first + 120 <= requests.length; first += 400) {
    const window = requests.slice(first, first + 120);
    const level = window.slice(10, 70).reduce((sum, count) => sum + count, 0) / 60;
    const spiked = window.map((count, minute) => (minute < 70 ? count : count + poisson((factor - 1) * level, random)));
    const onset = detectOnset(seriesOfCounts(spiked));
    windows++;
    if (onset !== null && Math.abs(onset.onsetMs / MINUTE_MS - 70) <= 1) found++;
  }
  return found / windows;
}

describeReal(`real traffic${realTraffic.note}`, () => {
  it.each(["zanbil-100k.log.gz", "semicomplete-10k.log.gz", "hurence-week51.log.gz"])("%s is quiet", (name) => {
    const hits = readHits(name);
    const { requests } = buildSeries(hits, spanOf(hits));

    expect(hits.length).toBeGreaterThan(9_000);
    expect(detectOnset(seriesOfCounts(requests.slice(0, 1_440)))).toBeNull();
    expect(alarms(requests, 120).found).toBe(0);
  });

  it("the World Cup's site alarms in at most one of 25 windows of two hours without a match, and shows doublings", () => {
    const requests = readWorldCup();
    const before = requests.slice(20_000, 56_000);
    const after = requests.slice(-16_000);

    for (const quiet of [before, after]) {
      const { windows, found } = alarms(quiet, 120);

      expect(found / windows).toBeLessThan(0.04);
      expect(shareFound(quiet, 2)).toBeGreaterThan(0.85);
      expect(shareFound(quiet, 3)).toBeGreaterThan(0.92);
    }
  });

  it("a week of the World Cup's site before shows a doubling that takes an hour, and makes few alarms more", () => {
    const requests = readWorldCup();
    const random = seededRandom(4);
    const week = 7 * 1_440;
    const at = (first: number, counts: readonly number[]) => ({
      ...seriesOfCounts(counts),
      startMs: first * MINUTE_MS,
    });
    let [windows, found, alarms] = [0, 0, 0];
    for (let first = 20_000; first + 180 <= 56_000; first += 800) {
      const history = at(first - week, requests.slice(first - week, first));
      const window = requests.slice(first, first + 180);
      const level = window.slice(10, 70).reduce((sum, count) => sum + count, 0) / 60;
      const slow = window.map((count, minute) =>
        minute < 70 ? count : count + poisson(level * Math.min(1, (minute - 70) / 60), random),
      );
      windows++;
      if (detectOnset(at(first, window), history) !== null) alarms++;
      if (detectOnset(at(first, slow), history) !== null) found++;
    }

    expect(found / windows).toBeGreaterThan(0.65);
    expect(alarms / windows).toBeLessThan(0.1);
  });

  it("nobody stands out of 44 minutes of a shop", () => {
    const hits = readHits("zanbil-100k.log.gz");

    const finding = analyse(buildInput(hits, spanOf(hits)));

    expect(finding.causes.map(({ kind }) => kind)).toEqual(["no-anomaly"]);
    expect(finding.suggestions).toEqual([]);
  });

  it.each([2_200, 5_000, 12_000])("a crawler of %d requests a minute stands out of a shop's traffic", (perMin) => {
    const hits = readHits("zanbil-100k.log.gz");
    const span = spanOf(hits);
    const added = crawler({ startMs: span.startMs, random: seededRandom(1) }, { from: 25, to: 44 }, perMin);

    const finding = analyse(buildInput([...hits, ...added], span));

    expect(finding.onset?.onsetMs).toBe(span.startMs + 25 * MINUTE_MS);
    expect(finding.causes[0]).toMatchObject({ kind: "heavy-client", slice: { ip: "198.51.100.14" } });
    expect(finding.causes[0].excessShare).toBeGreaterThan(0.85);
    expect(finding.suggestions[0]?.change).toMatchObject({ kind: "block", addresses: ["198.51.100.14/32"] });
  });

  it("a crowd stands out of a shop's traffic, and nobody is blocked", () => {
    const hits = readHits("zanbil-100k.log.gz");
    const span = spanOf(hits);
    const site = { startMs: span.startMs, random: seededRandom(1) };
    const crowd = people(site, { from: 25, to: 44 }, () => 600, { referer: "tv.example", landing: "/landing" });

    const finding = analyse(buildInput([...hits, ...crowd.filter((hit) => hit.atMs < span.endMs)], span));

    expect(finding.causes[0]).toMatchObject({ kind: "flash-crowd" });
    expect(finding.suggestions.map(({ change }) => change.kind)).toEqual(["scale"]);
  });

  it("every request of a shop sent twice is nobody's doing", () => {
    const hits = readHits("zanbil-100k.log.gz");
    const span = spanOf(hits);
    const splitMs = span.startMs + 25 * MINUTE_MS;

    const finding = analyse(
      buildInput(
        hits.flatMap((hit) => (hit.atMs < splitMs ? hit : [hit, hit])),
        span,
      ),
    );

    expect(finding.causes[0]).toMatchObject({ kind: "client-regression", slice: {} });
    expect(finding.causes[0].evidence.map(({ code }) => code)).toContain("in-proportion");
    expect(finding.suggestions).toEqual([]);
  });
});
