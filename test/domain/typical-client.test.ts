import { describe, expect, it } from "@jest/globals";
import type { Breakdown } from "../../src/domain/traffic.ts";
import { busierRatio } from "../../src/domain/typical-client.ts";
import { buildBreakdown, counts, rows } from "../support/build-scene.ts";

/** Requests of each client, before and in the spike. */
function breakdownOf(clients: readonly (readonly [before: number, now: number])[]): Breakdown {
  const seen = (i: 0 | 1) => clients.filter((client) => client[i] > 0).length;
  return buildBreakdown({
    baseline: counts(6_000, { clients: seen(0) }),
    spike: counts(18_000, { clients: seen(1) }),
    by: {
      ip: rows(
        ...clients.map(([before, now], i) => ({
          value: `198.51.100.${i}`,
          baseline: counts(before),
          spike: counts(now),
          firstSeenMs: 0,
        })),
      ),
    },
  });
}

describe("busierRatio", () => {
  const visitors = [4, 6, 9, 12, 20] as const;

  it("is by how much the typical client sends more, though all come and go", () => {
    const before = visitors.map((requests) => [requests, 0] as const);
    const now = visitors.map((requests) => [0, 3 * requests] as const);

    expect(busierRatio(breakdownOf([...before, ...now]))).toBe(3);
  });

  it("is not moved by one that sends very much, nor by more of the same sort", () => {
    const before = visitors.map((requests) => [requests, 0] as const);
    const crowd = [...visitors, ...visitors, ...visitors].map((requests) => [0, requests] as const);

    expect(busierRatio(breakdownOf([...before, ...crowd]))).toBe(1);
    expect(busierRatio(breakdownOf([...before, ...crowd, [0, 50_000]]))).toBeCloseTo(1, 0);
  });

  it("is not moved by one more among few, however unlike they are", () => {
    const few = [400, 400, 400, 20, 20, 20].map((requests) => [requests, requests] as const);

    expect(busierRatio(breakdownOf([...few, [0, 1_260]]))).toBe(1);
    expect(busierRatio(breakdownOf([...few.slice(1), [0, 1_260]]))).toBe(1);
  });

  it("is 1 where clients send less, and where they are too many to be listed", () => {
    const listed = breakdownOf([
      [10, 30],
      [10, 30],
    ]);

    expect(busierRatio(breakdownOf([[10, 2]]))).toBe(1);
    expect(busierRatio({ ...listed, spike: counts(18_000, { clients: 9_000 }) })).toBe(1);
    expect(busierRatio(buildBreakdown())).toBe(1);
  });
});
