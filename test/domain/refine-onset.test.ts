import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { refineOnset } from "../../src/domain/refine-onset.ts";
import { MINUTE_MS } from "../../src/domain/time-window.ts";
import { poisson, seededRandom } from "../support/simulate-traffic.ts";

const START_MS = Date.UTC(2026, 10, 21, 13, 50);
const ONSET_MS = START_MS + 10 * MINUTE_MS;
const ONSET = { onsetMs: ONSET_MS, lowMs: ONSET_MS - MINUTE_MS, highMs: ONSET_MS + 2 * MINUTE_MS };

/** Fifteen minutes of seconds: `before` a second up to `at`, `after` from then on. */
function seconds(at: number, before: number, after: number, seed = 1) {
  const random = seededRandom(seed);
  const requests = Array.from({ length: 900 }, (_, second) => poisson(second < at ? before : after, random));
  return { startMs: START_MS, stepMs: 1_000, requests };
}

function secondOf(atMs: number): number {
  return (atMs - START_MS) / 1_000;
}

describe("refineOnset", () => {
  it("finds the first request of a client that is new", () => {
    const slice = seconds(598, 0, 12);
    slice.requests[598] = 1;

    const refined = refineOnset(slice, ONSET);

    expect(secondOf(refined.atMs)).toBe(598);
    expect(refined).toMatchObject({
      restsOn: "first-request",
      because: "its first request; none in the 9 min 58 s before",
    });
  });

  it("finds the second in which a client that was there before began to send more", () => {
    const errors = Array.from({ length: 20 }, (_, seed) => {
      const { atMs, lowMs, highMs, restsOn } = refineOnset(seconds(613, 2, 20, seed), ONSET);
      expect(restsOn).toBe("rise");
      expect(secondOf(lowMs)).toBeLessThanOrEqual(613);
      expect(secondOf(highMs)).toBeGreaterThanOrEqual(613);
      return Math.abs(secondOf(atMs) - 613);
    });

    expect(errors.filter((error) => error === 0).length).toBeGreaterThanOrEqual(16);
    expect(Math.max(...errors)).toBeLessThanOrEqual(1);
  });

  it("says by how much, for people", () => {
    expect(refineOnset(seconds(613, 2, 20), ONSET).because).toMatch(
      /^there its requests rise to (9\.\d|10\.\d|11\.\d) times what it sent before$/,
    );
  });

  it("is not misled by a stray request minutes before", () => {
    const slice = seconds(640, 0, 30);
    slice.requests[545] = 1;

    const refined = refineOnset(slice, ONSET);

    expect(secondOf(refined.atMs)).toBe(640);
    expect(refined.restsOn).toBe("rise");
  });

  it("takes steps of any length", () => {
    const { requests } = seconds(620, 0, 12);
    const tens = Array.from({ length: 90 }, (_, ten) =>
      requests.slice(10 * ten, 10 * ten + 10).reduce((total, count) => total + count, 0),
    );

    const refined = refineOnset({ startMs: START_MS, stepMs: 10_000, requests: tens }, ONSET);

    expect(secondOf(refined.atMs)).toBe(620);
  });

  it.each([
    ["nothing was sent in that time", seconds(900, 3, 3).requests.fill(0), /sent nothing/],
    ["as much was sent as before", seconds(900, 3, 3).requests, /show no step/],
    ["less was sent than before", seconds(600, 30, 3).requests, /show no step/],
    ["there is no count", [], /sent nothing/],
    ["the counts are no numbers", new Array<number>(900).fill(Number.NaN), /sent nothing/],
  ])("keeps the minute where %s", (_, requests, because) => {
    expect(refineOnset({ startMs: START_MS, stepMs: 1_000, requests }, ONSET)).toEqual({
      atMs: ONSET.onsetMs,
      lowMs: ONSET.lowMs,
      highMs: ONSET.highMs,
      restsOn: "unrefined",
      because: expect.stringMatching(because),
    });
  });

  it.each([[0], [-1_000], [Number.NaN]])("keeps the minute where a step takes %d ms", (stepMs) => {
    expect(refineOnset({ startMs: START_MS, stepMs, requests: [1, 2] }, ONSET).restsOn).toBe("unrefined");
  });

  it("stays within the interval, whatever comes", () => {
    const count = fc.oneof(fc.nat(50), fc.double(), fc.constant(0));
    const offset = fc.integer({ min: -900_000, max: 900_000 });
    fc.assert(
      fc.property(fc.array(count, { maxLength: 300 }), offset, (requests, offsetMs) => {
        const refined = refineOnset({ startMs: ONSET_MS + offsetMs, stepMs: 1_000, requests }, ONSET);

        for (const atMs of [refined.lowMs, refined.atMs, refined.highMs]) {
          expect(atMs >= ONSET.lowMs && atMs <= ONSET.highMs).toBe(true);
        }
        expect(refined.lowMs <= refined.atMs && refined.atMs <= refined.highMs).toBe(true);
      }),
    );
  });
});
