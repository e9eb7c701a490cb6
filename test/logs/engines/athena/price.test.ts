import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { formatUsd } from "../../../../src/domain/quantity.ts";
import { bytesFor, estimatePrice, queryUsd } from "../../../../src/logs/engines/athena/price.ts";

describe("the price of a query", () => {
  it.each([
    ["nothing", 0, 10 * 1024 ** 2],
    ["one byte", 1, 10 * 1024 ** 2],
    ["a byte over 20 MB", 20 * 1024 ** 2 + 1, 21 * 1024 ** 2],
  ])("is at least that of 10 MB, and by whole megabytes: %s", (_, bytes, charged) => {
    expect(queryUsd(bytes, 5)).toBeCloseTo((charged / 1e12) * 5, 12);
  });

  it("grows with bytes, queries and price", () => {
    fc.assert(
      fc.property(
        fc.nat(1e12),
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 10 }),
        (bytes, queries, pricePerTb) => {
          const priceOf = (read: { bytes: number; queries: number }) =>
            estimatePrice({ ...read, logBytes: bytes, limitUsd: 5, pricePerTb }).usd;
          const usd = priceOf({ bytes, queries });

          expect(usd).toBeGreaterThanOrEqual(queries * queryUsd(0, pricePerTb));
          expect(priceOf({ bytes: 2 * bytes, queries })).toBeGreaterThanOrEqual(usd);
          expect(priceOf({ bytes, queries: queries + 1 })).toBeGreaterThan(usd);
        },
      ),
    );
  });

  it("tells how much may be read for it", () => {
    expect(bytesFor(5, 5)).toBe(1e12);
    expect(bytesFor(1, 0)).toBe(Number.POSITIVE_INFINITY);
  });

  it.each([
    [0.00005, "$0.0001"],
    [0.0042, "$0.0042"],
    [1.3, "$1.30"],
  ])("is written for people: %d", (usd, text) => {
    expect(formatUsd(usd)).toBe(text);
  });
});
