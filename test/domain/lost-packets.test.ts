import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import {
  CONNECT_EDGES_SECS,
  expectedSlowShare,
  findLostSyns,
  impliedLossShare,
  stallShare,
} from "../../src/domain/lost-packets.ts";
import type { DurationHistogram } from "../../src/domain/traffic.ts";
import { seededRandom } from "../support/simulate-traffic.ts";

function histogram(baseline: readonly number[], spike: readonly number[]): DurationHistogram {
  const classes = (secs: readonly number[]) => {
    const counts = new Array<number>(CONNECT_EDGES_SECS.length + 1).fill(0);
    for (const each of secs) {
      const at = CONNECT_EDGES_SECS.findIndex((edge) => each < edge);
      const index = at < 0 ? CONNECT_EDGES_SECS.length : at;
      counts[index] = (counts[index] ?? 0) + 1;
    }
    return counts;
  };
  return { edgesSecs: CONNECT_EDGES_SECS, baseline: classes(baseline), spike: classes(spike) };
}

/** Connections over a link that loses this share of SYNs, each tried again after 1, 2, 4 s. */
function connections(count: number, lossShare: number, seed: number): number[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () => {
    let secs = 0.002 + 0.05 * random();
    for (let waitSecs = 1; random() < lossShare; waitSecs *= 2) secs += waitSecs;
    return secs;
  });
}

describe("lost SYNs", () => {
  it("are seen by when connections stand, and tell how many were lost", () => {
    const { baseline, spike } = findLostSyns(histogram(connections(20_000, 0, 1), connections(20_000, 0.01, 2)));

    expect(baseline).toMatchObject({ known: 20_000, near: 0, between: 0, lossShare: 0, gain: 0 });
    expect(spike.between).toBe(0);
    expect(spike.lossShare).toBeCloseTo(0.01, 2);
    expect(spike.gain).toBeGreaterThan(100);
  });

  it("are not seen in servers that are slow to accept, however slow", () => {
    const random = seededRandom(4);
    const slow = Array.from({ length: 5_000 }, () => -1.5 * Math.log(1 - random()));

    const { spike } = findLostSyns(histogram([], slow));

    expect(spike.near).toBeGreaterThan(100);
    expect(spike.gain).toBeLessThan(5);
  });

  it("are not read from a single slow connection", () => {
    expect(findLostSyns(histogram([], [0.01, 0.01, 1.02])).spike.gain).toBeLessThan(1);
  });

  it("are unknown where nothing connected", () => {
    expect(findLostSyns(histogram([], [])).spike).toEqual({ known: 0, near: 0, between: 0, lossShare: null, gain: 0 });
  });

  it("are not looked for in classes too wide to tell", () => {
    const wide = { edgesSecs: [0.5, 5], baseline: [0, 0, 0], spike: [90, 10, 0] };

    expect(findLostSyns(wide).spike).toMatchObject({ known: 100, near: 0, between: 0 });
  });
});

describe("the share of requests that loss slows down", () => {
  it.each([
    [0.003, 1, 0.003],
    [0.003, 20, 0.0583],
    [0, 50, 0],
    [1, 1, 1],
  ])("at a loss of %d and with %d packets is %d", (lossShare, packets, share) => {
    expect(expectedSlowShare(lossShare, packets)).toBeCloseTo(share, 4);
  });

  it("leads back to the loss", () => {
    const loss = fc.double({ min: 0, max: 0.2, noNaN: true });
    fc.assert(
      fc.property(loss, fc.integer({ min: 1, max: 100 }), (lossShare, packets) => {
        expect(impliedLossShare(expectedSlowShare(lossShare, packets), packets)).toBeCloseTo(lossShare, 6);
      }),
    );
  });
});

describe("the share of slow requests that ended together", () => {
  it("is given where any was slow", () => {
    expect(stallShare({ slow: 40, together: 30 })).toBe(0.75);
    expect(stallShare({ slow: 0, together: 0 })).toBeNull();
  });
});
