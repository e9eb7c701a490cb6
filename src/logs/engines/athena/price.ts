/** What Athena's queries cost. */
import type { PriceEstimate } from "../../../ports.ts";

/** Every query is charged for so much, however little it reads. */
const MIN_BYTES = 10 * 1024 ** 2;
const MEGABYTE = 1024 ** 2;
/** The smaller of what a terabyte can mean, so that it never costs more than was said. */
const TERABYTE = 1e12;

/**
 * Gives what one query costs, in US dollars: by bytes read, compressed as they are, up to the next megabyte and 10 MB at
 * least. Queries that fail are free, cancelled ones cost what they read.
 *
 * @source https://aws.amazon.com/athena/pricing/
 */
export function queryUsd(bytes: number, pricePerTb: number): number {
  const charged = Math.max(MIN_BYTES, Math.ceil(bytes / MEGABYTE) * MEGABYTE);
  return (charged / TERABYTE) * pricePerTb;
}

export function estimatePrice(read: { bytes: number; queries: number; pricePerTb: number }): PriceEstimate {
  const { bytes, queries, pricePerTb } = read;
  return { bytes, queries, usd: queries * queryUsd(bytes, pricePerTb) };
}

/** `$0.0042`, `$1.30`; never less than the least that is shown. */
export function formatUsd(usd: number): string {
  return usd < 0.01 ? `$${Math.max(0.0001, usd).toFixed(4)}` : `$${usd.toFixed(2)}`;
}
