/** Writes a ratio for people: "5.9 ×", "61 ×", and "1.02 ×" where a tenth would hide it. */
export function formatRatio(ratio: number): string {
  const digits = ratio >= 10 ? 0 : ratio >= 0.9 && ratio < 1.1 ? 2 : 1;
  return `${withCommas(ratio, digits)} ×`;
}

/** Writes a share (0–1) in percent: "85 %", "0.2 %"; never "100 %" for less than all, nor "0 %" for more than nothing. */
export function formatShare(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.05) return "under 0.1 %";
  if (percent < 100 && percent >= 99.5) return "over 99 %";
  return `${withCommas(percent, percent !== 0 && Math.abs(percent) < 9.95 ? 1 : 0)} %`;
}

/** Writes a share of the excess, which is above 1 where the others fell: "85 % of the excess", "nearly all of the excess". */
export function formatExcessShare(share: number): string {
  return `${share >= 0.995 ? "nearly all" : formatShare(share)} of the excess`;
}

/** Writes a number of things: "4,812,077". */
export function formatCount(count: number): string {
  return withCommas(count, 0);
}

/** Writes a rate in the unit that gives a number above one: "312 requests a second", "8 requests a minute". */
export function formatRate(requestsPerMin: number): string {
  const perSec = requestsPerMin / 60;
  return perSec >= 1
    ? `${withCommas(perSec, perSec < 10 ? 1 : 0)} requests a second`
    : `${withCommas(requestsPerMin, 0)} requests a minute`;
}

const BYTE_UNITS = ["kB", "MB", "GB", "TB"] as const;

/** Writes a size in three digits, which tell enough: "10.5 MB", "605 kB". */
export function formatBytes(bytes: number): string {
  if (bytes < 1_000) return `${Math.round(bytes)} bytes`;
  const step = Math.min(Math.floor(Math.log10(bytes) / 3), BYTE_UNITS.length);
  const scaled = bytes / 1_000 ** step;
  return `${scaled.toLocaleString("en-US", { maximumSignificantDigits: 3 })} ${BYTE_UNITS[step - 1]}`;
}

/** Writes US dollars: "$0.0042", "$1.30"; never less than the least that is shown. */
export function formatUsd(usd: number): string {
  return usd < 0.01 ? `$${Math.max(0.0001, usd).toFixed(4)}` : `$${usd.toFixed(2)}`;
}

function withCommas(value: number, digits: number): string {
  return value.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

const MAX_FOREIGN_CHARS = 80;

/** Takes control characters out of text that a client wrote, and cuts it to 80 characters. It stays data: views escape it. */
export function shortenForeign(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  const plain = text.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ");
  return plain.length > MAX_FOREIGN_CHARS ? `${plain.slice(0, MAX_FOREIGN_CHARS - 1)}…` : plain;
}
