import { HOUR_MS, SECOND_MS } from "./time-window.ts";

/** What things cost, in US dollars; null where it is not configured. */
export interface Prices {
  readonly instanceHourUsd: number | null;
  readonly requestsPer1000Usd: number | null;
  /** For a gigabyte of 10⁹ bytes that leaves. */
  readonly egressPerGbUsd: number | null;
}

/** What a month would cost more if it all went on like this, in US dollars; null where the price is not known. */
export interface MonthlyCost {
  readonly requestsUsd: number | null;
  readonly egressUsd: number | null;
  readonly instancesUsd: number | null;
  /** Of what is known; null where nothing is. */
  readonly totalUsd: number | null;
}

/**
 * A month as prices by the hour have it: 365 days × 24 / 12.
 * @source https://aws.amazon.com/ec2/pricing/on-demand/ ("730 hours in a month", in AWS's own calculator)
 */
export const MONTH_HOURS = 730;

const GB = 1e9;

/**
 * Tells what an excess costs in a month of 730 hours, if it goes on as in the time that it was measured over.
 *
 * An excess below zero costs less than nothing: it saves. Prices that fall with volume are not known here.
 *
 * @param excess requests and bytes beyond the usual, in `overMs`, which is above 0; instances beyond the usual number
 * @example
 * // Twice the GET requests in a month, and 0.8 TB more.
 * costPerMonth(
 *   { requests: 64e6, bytes: 0.8e12, instances: 0, overMs: 730 * 3_600_000 },
 *   { requestsPer1000Usd: 0.0004, egressPerGbUsd: 0.09, instanceHourUsd: null },
 * ); // { requestsUsd: 25.6, egressUsd: 72, instancesUsd: null, totalUsd: 97.6 }
 */
export function costPerMonth(
  excess: {
    readonly requests: number;
    readonly bytes: number;
    readonly instances: number;
    readonly overMs: number;
  },
  prices: Prices,
): MonthlyCost {
  const times = (MONTH_HOURS * HOUR_MS) / Math.max(excess.overMs, SECOND_MS);
  const cost = (amount: number, price: number | null) => (price === null ? null : amount * price);
  const requestsUsd = cost((excess.requests * times) / 1_000, prices.requestsPer1000Usd);
  const egressUsd = cost((excess.bytes * times) / GB, prices.egressPerGbUsd);
  const instancesUsd = cost(excess.instances * MONTH_HOURS, prices.instanceHourUsd);
  const known = [requestsUsd, egressUsd, instancesUsd].filter((usd) => usd !== null);
  const totalUsd = known.length === 0 ? null : known.reduce((total, usd) => total + usd, 0);
  return { requestsUsd, egressUsd, instancesUsd, totalUsd };
}
