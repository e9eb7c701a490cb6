import { describe, expect, it } from "@jest/globals";
import { costPerMonth, MONTH_HOURS, type Prices } from "../../src/domain/cost.ts";
import { HOUR_MS } from "../../src/domain/time-window.ts";

const PRICES: Prices = { requestsPer1000Usd: 0.0004, egressPerGbUsd: 0.09, instanceHourUsd: 0.0416 };
const NO_PRICES: Prices = { requestsPer1000Usd: null, egressPerGbUsd: null, instanceHourUsd: null };
const MONTH = { requests: 64e6, bytes: 0.8e12, instances: 0, overMs: MONTH_HOURS * HOUR_MS };

describe("the cost of an excess", () => {
  it("is $26 of requests and $72 of transfer a month for the forum whose traffic doubled", () => {
    const cost = costPerMonth(MONTH, PRICES);

    expect(cost.requestsUsd).toBeCloseTo(25.6, 9);
    expect(cost.egressUsd).toBeCloseTo(72, 9);
    expect(cost.instancesUsd).toBe(0);
    expect(cost.totalUsd).toBeCloseTo(97.6, 9);
  });

  it("is for a month, whatever it was measured over", () => {
    const hour = { ...MONTH, requests: 64e6 / MONTH_HOURS, bytes: 0.8e12 / MONTH_HOURS, overMs: HOUR_MS };

    expect(costPerMonth(hour, PRICES).totalUsd).toBeCloseTo(97.6, 6);
  });

  it("counts instances by the hour", () => {
    expect(costPerMonth({ ...MONTH, instances: 2 }, PRICES).instancesUsd).toBeCloseTo(60.736, 9);
  });

  it("says nothing of what has no price, and nothing at all without prices", () => {
    expect(costPerMonth(MONTH, { ...NO_PRICES, egressPerGbUsd: 0.09 })).toEqual({
      requestsUsd: null,
      egressUsd: 72,
      instancesUsd: null,
      totalUsd: 72,
    });
    expect(costPerMonth(MONTH, NO_PRICES).totalUsd).toBeNull();
  });
});
