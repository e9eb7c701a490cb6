import { describe, expect, it } from "@jest/globals";
import { MINUTE_MS } from "../src/domain/time-window.ts";
import { investigateHits, type LoggedHit } from "./support/investigate-hits.ts";
import { strangePlaces } from "./support/strange-places.ts";

const START_MS = Date.UTC(2026, 10, 21, 13);

function hit(minute: number, given: Partial<LoggedHit> = {}): LoggedHit {
  return {
    atMs: START_MS + minute * MINUTE_MS,
    ip: "203.0.113.9",
    userAgent: "Mozilla/5.0 Browser/1",
    path: "/",
    host: "shop.example",
    refererHost: null,
    status: 200,
    bytes: 1_000,
    ...given,
  };
}

/** So many requests a minute, evenly, each from one of 40 clients. */
function even(minutes: { from: number; to: number }, perMin: number, given: Partial<LoggedHit> = {}): LoggedHit[] {
  return Array.from({ length: Math.round((minutes.to - minutes.from) * perMin) }, (_, i) =>
    hit(minutes.from + i / perMin, { ip: `101.64.${i % 40}.7`, ...given }),
  );
}

interface BadInput {
  readonly name: string;
  readonly hits: readonly LoggedHit[];
  /** What is said, at the least. */
  readonly says: RegExp;
  readonly kinds: readonly string[];
}

const BAD: readonly BadInput[] = [
  { name: "one request", hits: [hit(0)], says: /nothing to compare with/, kinds: ["no-anomaly"] },
  {
    name: "two requests at one moment",
    hits: [hit(0), hit(0)],
    says: /nothing to compare with/,
    kinds: ["no-anomaly"],
  },
  { name: "one request a day apart", hits: [hit(0), hit(1_440)], says: /nothing/, kinds: ["no-anomaly"] },
  {
    name: "the same every minute",
    hits: even({ from: 0, to: 60 }, 20),
    says: /nothing unusual/,
    kinds: ["no-anomaly"],
  },
  {
    name: "a gap of half an hour in the middle, and the same after it",
    hits: [...even({ from: 0, to: 30 }, 20), ...even({ from: 60, to: 90 }, 20)],
    says: /In 30 of 89 minutes there is no request at all: the log may have gaps/,
    kinds: ["no-anomaly"],
  },
  {
    name: "a log that covers 60 % of the time in pieces",
    hits: Array.from({ length: 12 }, (_, i) => even({ from: 5 * i, to: 5 * i + 3 }, 20)).flat(),
    says: /In 22 of 57 minutes there is no request at all/,
    kinds: ["no-anomaly"],
  },
  {
    name: "a clock that goes back by an hour in the middle of the file",
    hits: [...even({ from: 60, to: 90 }, 20), ...even({ from: 30, to: 60 }, 20)],
    says: /nothing unusual/,
    kinds: ["no-anomaly"],
  },
  {
    name: "a baseline of four minutes before a spike of forty",
    hits: [...even({ from: 0, to: 44 }, 20), ...even({ from: 4, to: 44 }, 200, { ip: "198.51.100.14" })],
    says: /198\.51\.100\.14 alone sends 90 % of the requests, in both windows; it may have begun earlier/,
    kinds: ["no-anomaly"],
  },
  {
    name: "all traffic from one address, three times as much",
    hits: [
      ...even({ from: 0, to: 60 }, 20, { ip: "203.0.113.9" }),
      ...even({ from: 40, to: 60 }, 40, { ip: "203.0.113.9" }),
    ],
    says: /one address|proxy/,
    kinds: ["unknown"],
  },
  {
    name: "nothing known but the times",
    hits: [...even({ from: 0, to: 60 }, 20), ...even({ from: 40, to: 60 }, 100)].map(
      ({ atMs }) => ({ atMs, refererHost: null }) as LoggedHit,
    ),
    says: /What explains it cannot be told yet/,
    kinds: ["unknown"],
  },
  {
    name: "seconds that are all zero",
    hits: [...even({ from: 0, to: 60 }, 20), ...even({ from: 40, to: 60 }, 100, { ip: "198.51.100.14" })].map(
      (each) => ({
        ...each,
        backendSecs: 0,
        totalSecs: 0,
      }),
    ),
    says: /One client explains/,
    kinds: ["heavy-client"],
  },
  {
    name: "answers without a byte, and errors alone",
    hits: [...even({ from: 0, to: 60 }, 20), ...even({ from: 40, to: 60 }, 100)].map((each) => ({
      ...each,
      bytes: 0,
      status: 503,
    })),
    says: /What explains it cannot be told yet/,
    kinds: ["unknown"],
  },
];

describe("a verdict on bad input", () => {
  it.each(BAD)("$name: says what can be said, and no number that is none", async ({ hits, says, kinds }) => {
    const { finding, series } = await investigateHits(hits);

    expect(finding?.verdict).toMatch(says);
    expect(kinds).toContain(finding?.causes[0].kind);
    expect(strangePlaces(finding)).toEqual([]);
    expect(strangePlaces(series)).toEqual([]);
    expect(JSON.parse(JSON.stringify(finding))).toEqual(finding);
  });

  it.each(BAD)("$name: is not led astray by somebody who names a baseline outside of it", async ({ hits }) => {
    for (const baseline of [
      { startMs: 0, endMs: 1 },
      { startMs: START_MS, endMs: START_MS },
      { startMs: START_MS + 1e9, endMs: START_MS + 2e9 },
    ]) {
      const { finding } = await investigateHits(hits, { baseline });

      expect(strangePlaces(finding)).toEqual([]);
    }
  });
});
