import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { DAY_MS, HOUR_MS, MINUTE_MS } from "../../../src/domain/time-window.ts";
import { albFileEnd, keyRanges, mayHold } from "../../../src/logs/sources/alb-keys.ts";

const place = {
  prefix: "",
  accountId: "123456789012",
  region: "eu-west-1",
  loadBalancer: "app/my-alb/50dc6c495c0c9188",
};
const windowOf = (from: string, to: string) => ({ startMs: Date.parse(from), endMs: Date.parse(to) });

describe("the listings of a window", () => {
  it("look into the day's folder and the next one, from the first file that can matter", () => {
    const folder = "AWSLogs/123456789012/elasticloadbalancing/eu-west-1/2026/10";
    const name = "123456789012_elasticloadbalancing_eu-west-1_app.my-alb.50dc6c495c0c9188_";

    expect(keyRanges(place, windowOf("2026-10-01T12:00:00Z", "2026-10-01T12:30:00Z"))).toEqual([
      { prefix: `${folder}/01/${name}`, startAfter: `${folder}/01/${name}20261001T1201` },
      { prefix: `${folder}/02/${name}`, startAfter: `${folder}/02/${name}20261001T1201` },
    ]);
  });

  it.each([
    ["a window over midnight", "2026-10-01T23:50:00Z", "2026-10-02T00:10:00Z", ["01", "02", "03"]],
    ["a window that ends at midnight", "2026-10-01T23:00:00Z", "2026-10-02T00:00:00Z", ["01", "02", "03"]],
    [
      "a window whose last file ends after midnight",
      "2026-10-01T23:00:00Z",
      "2026-10-01T23:52:00Z",
      ["01", "02", "03"],
    ],
    ["two days", "2026-10-01T01:00:00Z", "2026-10-02T02:00:00Z", ["01", "02", "03"]],
  ])("look into every folder of %s", (_, from, to, days) => {
    const folders = keyRanges(place, windowOf(from, to)).map(({ prefix }) => /\/10\/(\d\d)\//.exec(prefix)?.[1]);

    expect(folders).toEqual(days);
  });

  it.each([
    ["logs", "logs/AWSLogs/"],
    ["team/logs/", "team/logs/AWSLogs/"],
    ["", "AWSLogs/"],
  ])("stand below the prefix %j", (prefix, begin) => {
    const [range] = keyRanges({ ...place, prefix }, windowOf("2026-10-01T12:00:00Z", "2026-10-01T12:30:00Z"));

    expect(range?.prefix.startsWith(begin)).toBe(true);
  });

  it("do not begin like those of a balancer whose name goes on", () => {
    const [range] = keyRanges(place, windowOf("2026-10-01T12:00:00Z", "2026-10-01T12:30:00Z"));

    expect(range?.prefix.endsWith("app.my-alb.50dc6c495c0c9188_")).toBe(true);
  });
});

describe("the end of a file's span", () => {
  const name = "123456789012_elasticloadbalancing_eu-west-1_app.my-alb.50dc6c495c0c9188";

  it.each([
    [`${name}_20261001T2340Z_10.0.0.1_1ab2c3d4.log.gz`, "2026-10-01T23:40:00.000Z"],
    [`a/b/${name}_20240229T0000Z_2001:db8::1_x.log.gz`, "2024-02-29T00:00:00.000Z"],
  ])("is read off %s", (key, end) => {
    expect(new Date(albFileEnd(key) ?? 0).toISOString()).toBe(end);
  });

  it.each([
    ["AWSLogs/123456789012/ELBAccessLogTestFile"],
    [`${name}_20261001T2340Z_10.0.0.1_1ab2c3d4.log`],
    [`${name}_20261001T2340Z_10.0.0.1_1ab2c3d4.log.gz.bak`],
    [`${name}_20261001_10.0.0.1_1ab2c3d4.log.gz`],
  ])("is none in %s", (key) => {
    expect(albFileEnd(key)).toBeNull();
  });
});

describe("files that may hold a window's requests", () => {
  it.each([
    ["ends where the window begins", "12:00", false],
    ["covers its first minutes", "12:05", true],
    ["covers its last minutes", "12:30", true],
    ["holds requests that took minutes", "12:35", true],
    ["is later still", "12:40", false],
  ])("a file that %s: %s, %s", (_, end, expected) => {
    const window = windowOf("2026-10-01T12:00:00Z", "2026-10-01T12:30:00Z");

    expect(mayHold(window, Date.parse(`2026-10-01T${end}:00Z`))).toBe(expected);
  });

  it("are listed, whatever the window, the moment of a request, its length, and the delay of its delivery", () => {
    const base = Date.parse("2026-09-28T00:00:00Z");
    const request = fc.record({
      startMs: fc.integer({ min: base, max: base + 3 * DAY_MS }),
      lengthMs: fc.integer({ min: 1, max: 26 * HOUR_MS }),
      offset: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      tookMs: fc.integer({ min: 0, max: 5 * MINUTE_MS }),
      delayMs: fc.integer({ min: 0, max: 4 * HOUR_MS }),
    });

    fc.assert(
      fc.property(request, ({ startMs, lengthMs, offset, tookMs, delayMs }) => {
        const window = { startMs, endMs: startMs + lengthMs };
        const loggedMs = startMs + Math.floor(offset * lengthMs) + tookMs;
        const endMs = (Math.floor(loggedMs / (5 * MINUTE_MS)) + 1) * 5 * MINUTE_MS;
        const key = keyOf(endMs, endMs + delayMs);

        const listed = keyRanges(place, window).filter(
          ({ prefix, startAfter }) => key.startsWith(prefix) && key > startAfter,
        );

        expect(mayHold(window, endMs)).toBe(true);
        expect(listed).toHaveLength(1);
        expect(albFileEnd(key)).toBe(endMs);
      }),
    );
  });
});

function keyOf(endMs: number, deliveredMs: number): string {
  const day = new Date(deliveredMs).toISOString().slice(0, 10).replaceAll("-", "/");
  const stamp = new Date(endMs).toISOString().slice(0, 16).replaceAll(/[-:]/g, "");
  return `AWSLogs/123456789012/elasticloadbalancing/eu-west-1/${day}/123456789012_elasticloadbalancing_eu-west-1_app.my-alb.50dc6c495c0c9188_${stamp}Z_10.0.0.1_4hxk2f1m.log.gz`;
}
