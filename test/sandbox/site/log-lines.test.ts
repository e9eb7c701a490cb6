import { describe, expect, it } from "@jest/globals";
import { albLine } from "../../../src/sandbox/site/alb-line.ts";
import type { Arrival } from "../../../src/sandbox/site/arrival.ts";
import { nginxLine } from "../../../src/sandbox/site/nginx-line.ts";
import { createRandom } from "../../../src/sandbox/site/random.ts";
import { turnAway } from "../../../src/sandbox/site/respond.ts";

const ARRIVAL: Arrival = {
  atMs: Date.UTC(2026, 10, 21, 13, 7, 3, 250),
  client: { address: "2a00:23c5:1:2:3:4:5:6", userAgent: "Agent/1", protocol: "HTTP/2.0" },
  method: "GET",
  host: "www.courier.example",
  path: "/search?q=rent",
  referer: "https://www.google.com/",
  kind: "page",
  status: 200,
  bodyBytes: 1_000,
};
const SERVED = {
  arrival: ARRIVAL,
  doneMs: ARRIVAL.atMs + 123,
  outcome: "served",
  status: 200,
  target: "10.0.1.11",
  targetSecs: 0.123,
  receivedBytes: 300,
  sentBytes: 1_420,
  connectSecs: 0,
  clientSecs: 0,
  cache: null,
  ailedSecs: 0,
} as const;

const split = (line: string): string[] => line.match(/"[^"]*"|\S+/g) ?? [];

describe("albLine", () => {
  it("gives all 33 fields, with arrival and completion apart", () => {
    const parts = split(albLine(SERVED, createRandom(1)));

    expect(parts).toHaveLength(33);
    expect(parts[0]).toBe("h2");
    expect(parts[1]).toMatch(/^2026-11-21T13:07:03\.373\d{3}Z$/);
    expect(parts[3]).toMatch(/^2a00:23c5:1:2:3:4:5:6:\d+$/);
    expect(parts.slice(4, 12)).toEqual(["10.0.1.11:8080", "0.000", "0.123", "0.000", "200", "200", "300", "1420"]);
    expect(parts[12]).toBe('"GET https://www.courier.example:443/search?q=rent HTTP/2.0"');
    expect(parts[21]).toMatch(/^2026-11-21T13:07:03\.250\d{3}Z$/);
    expect(parts[22]).toBe('"waf,forward"');
  });

  it("gives a request that the firewall turned away no machine and no times", () => {
    const parts = split(albLine(turnAway(ARRIVAL, createRandom(1)), createRandom(1)));

    expect(parts).toHaveLength(33);
    expect(parts.slice(4, 10)).toEqual(["-", "-1", "-1", "-1", "403", "-"]);
    expect(parts[22]).toBe('"waf"');
  });

  it("gives a request whose machine was stopped a 502 that no machine answered", () => {
    const parts = split(albLine({ ...SERVED, outcome: "timed-out", status: 502, targetSecs: null }, createRandom(1)));

    expect(parts.slice(4, 10)).toEqual(["10.0.1.11:8080", "0.000", "-1", "-1", "502", "-"]);
  });
});

describe("nginxLine", () => {
  it("gives the combined format with the time of completion", () => {
    expect(nginxLine(SERVED)).toBe(
      '2a00:23c5:1:2:3:4:5:6 - - [21/Nov/2026:13:07:03 +0000] "GET /search?q=rent HTTP/2.0" 200 1000 "https://www.google.com/" "Agent/1"',
    );
  });
});
