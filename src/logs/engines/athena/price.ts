/** What Athena's queries cost. */
import type { PriceEstimate } from "../../../ports/log-reader.ts";

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

export function estimatePrice(
  read: Pick<PriceEstimate, "logBytes" | "bytes" | "queries" | "limitUsd"> & { readonly pricePerTb: number },
): PriceEstimate {
  const { pricePerTb, ...asked } = read;
  return { ...asked, usd: asked.queries * queryUsd(asked.bytes, pricePerTb) };
}

/** Gives how much a query may read for so much. */
export function bytesFor(usd: number, pricePerTb: number): number {
  return pricePerTb === 0 ? Number.POSITIVE_INFINITY : (usd / pricePerTb) * TERABYTE;
}
