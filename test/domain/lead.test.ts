import { describe, expect, it } from "@jest/globals";
import { findLead, findLeadOfPart } from "../../src/domain/lead.ts";
import { MINUTE_MS } from "../../src/domain/time-window.ts";
import type { TrafficSeries } from "../../src/domain/traffic.ts";
import { poisson, seededRandom } from "../support/simulate-traffic.ts";

const START_MS = Date.UTC(2026, 10, 21, 13);
const MINUTES = 90;
const ONSET = 60;

function noisy(meanOf: (minute: number) => number, seed = 1): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: MINUTES }, (_, minute) => poisson(meanOf(minute), random));
}

function series(given: Partial<TrafficSeries> = {}): TrafficSeries {
  const requests = given.requests ?? noisy(() => 200);
  return {
    startMs: START_MS,
    stepMs: MINUTE_MS,
    requests,
    bytes: requests.map((count) => 1_000 * count),
    errors: requests.map(() => 0),
    clients: requests.map((count) => count / 10),
    ...given,
  };
}

function times(factor: number) {
  return (minute: number) => (minute < ONSET ? 1 : factor);
}

describe("findLead", () => {
  it("takes requests first, though what they bring rises too", () => {
    const requests = noisy((minute) => 200 * times(3)(minute));
    const lead = findLead(series({ requests, backendSecs: requests.map((count) => count / 10) }));

    expect(lead).toMatchObject({ measure: "requests", foundIn: "whole" });
    expect(Math.abs((lead?.onset.onsetMs ?? 0) - (START_MS + ONSET * MINUTE_MS))).toBeLessThanOrEqual(MINUTE_MS);
  });

  it.each([
    ["backendSecs", (count: number, minute: number) => (count / 10) * times(3)(minute)],
    ["totalSecs", (count: number, minute: number) => (count / 10) * times(3)(minute)],
    ["errors", (count: number, minute: number) => Math.round(count * (minute < ONSET ? 0.01 : 0.2))],
    ["bytes", (count: number, minute: number) => 1_000 * count * times(4)(minute)],
  ] as const)("finds what each request brings: %s", (measure, amountOf) => {
    const given = series();

    const lead = findLead({ ...given, [measure]: given.requests.map(amountOf) });

    expect(lead?.measure).toBe(measure);
    expect(Math.abs((lead?.onset.onsetMs ?? 0) - (START_MS + ONSET * MINUTE_MS))).toBeLessThanOrEqual(MINUTE_MS);
  });

  it("finds errors where there was none before", () => {
    const given = series();

    const errors = given.requests.map((count, minute) => (minute < ONSET ? 0 : Math.round(0.2 * count)));

    expect(findLead({ ...given, errors })?.measure).toBe("errors");
  });

  it("lets ups and downs of traffic bring as much more with them", () => {
    const requests = noisy((minute) => 200 + 100 * Math.sin(minute / 15));

    expect(findLead(series({ requests, backendSecs: requests.map((count) => count / 10) }))).toBeNull();
  });

  it("leaves out errors that are few among all answers", () => {
    const given = series();

    const errors = given.requests.map((_, minute) => (minute < ONSET ? 0 : 2));

    expect(findLead({ ...given, errors })).toBeNull();
  });

  it("finds nothing in a series without requests", () => {
    expect(findLead(series({ requests: new Array<number>(MINUTES).fill(0) }))).toBeNull();
  });
});

describe("findLeadOfPart", () => {
  const waves = noisy((minute) => 300 + 150 * Math.sin(minute / 8));

  it("finds when a part began to grow beside the waves of the rest", () => {
    const part = noisy((minute) => (minute < ONSET ? 0 : 60), 2);
    const all = series({ requests: waves.map((count, i) => count + (part[i] ?? 0)) });

    const lead = findLeadOfPart(all, part);

    expect(lead).toMatchObject({ measure: "requests", foundIn: "part" });
    expect(Math.abs((lead?.onset.onsetMs ?? 0) - (START_MS + ONSET * MINUTE_MS))).toBeLessThanOrEqual(MINUTE_MS);
  });

  it("finds nothing in a part that goes with the rest, or is a twentieth of it", () => {
    const proportional = waves.map((count) => Math.round(count / 5));
    const small = noisy((minute) => (minute < ONSET ? 0 : 12), 3);

    for (const part of [proportional, small, []]) {
      expect(findLeadOfPart(series({ requests: waves }), part)).toBeNull();
    }
  });
});
