import { describe, expect, it } from "@jest/globals";
import { renderPng } from "../../src/chart/png.ts";
import { type SpikeChart, spikeChartSvg } from "../../src/chart/spike-chart.ts";
import type { TrafficSeries } from "../../src/domain/traffic.ts";

const START_MS = Date.UTC(2026, 10, 21, 13, 15);
const MINUTE_MS = 60_000;

function series(requests: readonly number[]): TrafficSeries {
  return { startMs: START_MS, stepMs: MINUTE_MS, requests, bytes: [], errors: [], clients: [] };
}

const quiet = Array.from({ length: 60 }, (_, minute) => 3_700 + (minute % 7) * 20);
const crawler = quiet.map((_, minute) => (minute < 47 ? 0 : 18_200));

const chart: SpikeChart = {
  series: series(quiet.map((requests, minute) => requests + (crawler[minute] ?? 0))),
  expectedPerStep: 3_760,
  onset: {
    onsetMs: START_MS + 47 * MINUTE_MS,
    lowMs: START_MS + 46 * MINUTE_MS,
    highMs: START_MS + 48 * MINUTE_MS,
    endMs: null,
    ratio: 5.9,
  },
  guilty: series(crawler),
  guiltyLabel: "198.51.100.14",
  title: "web: requests a minute",
  annotations: [{ atMs: START_MS + 55 * MINUTE_MS, label: "Blocked 198.51.100.14" }],
};

function textsOf(svg: string): readonly string[] {
  return [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, text = ""]) => text);
}

describe("spikeChartSvg", () => {
  it("names what is drawn, when it began and what was done", () => {
    const texts = textsOf(spikeChartSvg(chart));

    expect(texts).toEqual(
      expect.arrayContaining([
        "web: requests a minute",
        "All requests",
        "198.51.100.14",
        "Usual: 3,760",
        "25,000",
        "13:30",
        "2026-11-21, times in UTC",
        "Began 14:02 UTC",
        "14:10 Blocked 198.51.100.14",
        "22,020",
      ]),
    );
  });

  it("gives the same SVG for the same input", () => {
    expect(spikeChartSvg(chart)).toBe(spikeChartSvg(structuredClone(chart)));
  });

  it("shows text from outside as text, whatever it holds", () => {
    const evil = `</text><script>alert("1")</script>&\u0000\ud800\u202e`;
    const svg = spikeChartSvg({
      ...chart,
      title: evil,
      guiltyLabel: evil,
      annotations: [{ atMs: START_MS + MINUTE_MS, label: evil }],
    });

    expect(svg).not.toContain("<script");
    expect(svg).not.toContain("\u0000");
    expect(svg).not.toContain("\u202e");
    expect(textsOf(svg)[0]).toContain("&lt;/text&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&amp;\ufffd");
    expect(renderPng(svg).length).toBeGreaterThan(1_000);
  });

  it.each([
    ["an empty series", [], "Nothing was read for this time"],
    ["a silent one", [0, 0, 0], "No request in the log for this time"],
  ])("says in words what %s is", (_what, requests, note) => {
    const svg = spikeChartSvg({ ...chart, series: series(requests), guilty: null, expectedPerStep: null, onset: null });

    expect(textsOf(svg)).toContain(note);
    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  });

  it.each([1, 2, 60, 1_440, 10_080])("draws %d steps with finite coordinates, and keeps the peak", (steps) => {
    const requests = Array.from({ length: steps }, (_, step) => (step === steps >> 1 ? 98_765 : 1_000));
    const svg = spikeChartSvg({ ...chart, series: series(requests), guilty: null, onset: null, annotations: [] });

    expect(svg).not.toMatch(/NaN|undefined|Infinity/);
    expect(textsOf(svg)).toContain("98,765");
    expect(svg.length).toBeLessThan(200_000);
  });

  it("leaves out what lies outside the time drawn", () => {
    const svg = spikeChartSvg({ ...chart, annotations: [{ atMs: START_MS - MINUTE_MS, label: "Before" }] });

    expect(textsOf(svg).some((text) => text.includes("Before"))).toBe(false);
  });
});

describe("renderPng", () => {
  it("gives a PNG of the chart's size, the same each time", () => {
    const png = Buffer.from(renderPng(spikeChartSvg(chart)));

    expect(png.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1_600, 720]);
    expect(Buffer.from(renderPng(spikeChartSvg(chart))).equals(png)).toBe(true);
  });

  it("draws text: with and without it are two pictures", () => {
    const without = spikeChartSvg(chart).replace(/<text.*?<\/text>/g, "");

    expect(Buffer.from(renderPng(without)).equals(Buffer.from(renderPng(spikeChartSvg(chart))))).toBe(false);
  });
});
