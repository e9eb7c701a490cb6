import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { describeLatencyRise, explainLatency } from "../../src/domain/legs.ts";
import { sum } from "../../src/domain/robust.ts";
import type { LegCounts, Legs } from "../../src/domain/traffic.ts";

const leg = (secs: number, known = 100): LegCounts => ({ known, secs });
const both = (baseline: number, spike: number, known?: number) => ({
  baseline: leg(baseline, known),
  spike: leg(spike, known),
});

/** Seconds of a hundred requests: 0.3 s each before, 1.2 s in the spike, by slow connections. */
const SLOW_CONNECT: Legs = {
  total: both(30, 120),
  backend: both(25, 110),
  connect: both(1, 85),
  firstByte: both(20, 21),
  body: both(4, 4),
  client: both(5, 10),
};

describe("where requests take longer", () => {
  it("is the leg that rose most, with its share of the rise", () => {
    const rise = explainLatency(SLOW_CONNECT);

    expect(rise?.legs.map((each) => each.leg)).toEqual(["connect", "firstByte", "body", "client"]);
    expect(rise?.riseSecs).toBeCloseTo(0.9, 9);
    expect(rise?.unaccountedSecs).toBeCloseTo(0, 9);
    expect(rise?.guilty).toEqual({ leg: "connect", share: expect.closeTo(0.84 / 0.9, 9) });
    expect(rise && describeLatencyRise(rise)).toBe(
      "A request takes 1.2 s, 900 ms more than before: 93 % of that is connecting to the servers behind.",
    );
  });

  it("is the clients' side where the servers are as quick as ever", () => {
    const rise = explainLatency({ total: both(30, 120), backend: both(25, 25), client: both(5, 95) });

    expect(rise?.guilty?.leg).toBe("client");
    expect(rise && describeLatencyRise(rise)).toContain("all of that is sending answers to clients");
  });

  it("is the servers as a whole where not all of their legs are logged", () => {
    const { firstByte: _, ...legs } = SLOW_CONNECT;

    expect(explainLatency(legs)?.legs.map((each) => each.leg)).toEqual(["backend", "client"]);
  });

  it("is not accounted for where the log gives the total alone", () => {
    const rise = explainLatency({ total: both(30, 120), backend: both(0, 0, 0) });

    expect(rise).toMatchObject({ legs: [], unaccountedSecs: expect.closeTo(0.9, 9), guilty: null });
    expect(rise && describeLatencyRise(rise)).toContain("no leg that is logged tells why");
  });

  it("is sought in the servers' part where the log gives no total", () => {
    const { total: _, ...legs } = SLOW_CONNECT;

    expect(explainLatency(legs)).toMatchObject({ of: "backend", guilty: { leg: "connect" } });
    expect(explainLatency({ backend: both(10, 20) })).toMatchObject({ of: "backend", legs: [], guilty: null });
  });

  it("is nowhere where requests became quicker", () => {
    const rise = explainLatency({ total: both(120, 30), backend: both(100, 25), client: both(20, 5) });

    expect(rise?.guilty).toBeNull();
    expect(rise && describeLatencyRise(rise)).toBe("A request takes 300 ms, 900 ms less than before.");
  });

  it("counts what fewer requests go through by what it adds to all", () => {
    const rise = explainLatency({ total: both(10, 40), backend: { baseline: leg(10, 10), spike: leg(40, 20) } });

    expect(rise?.legs).toMatchObject([{ leg: "backend", baselineSecs: 0.1, spikeSecs: 0.4 }]);
    expect(rise?.unaccountedSecs).toBeCloseTo(0, 9);
  });

  it("is unknown without any seconds in one of the windows", () => {
    expect(explainLatency({})).toBeNull();
    expect(explainLatency({ total: { baseline: leg(0, 0), spike: leg(5) } })).toBeNull();
  });

  it("adds up, whatever the seconds are", () => {
    const secs = fc.double({ min: 0, max: 1e6, noNaN: true });
    const pair = fc.tuple(secs, secs).map(([baseline, spike]) => both(baseline, spike));
    fc.assert(
      fc.property(pair, pair, pair, (total, backend, client) => {
        const rise = explainLatency({ total, backend, client });

        const told = sum(rise?.legs.map((each) => each.riseSecs) ?? []) + (rise?.unaccountedSecs ?? 0);
        expect(told).toBeCloseTo(rise?.riseSecs ?? Number.NaN, 6);
      }),
    );
  });
});
