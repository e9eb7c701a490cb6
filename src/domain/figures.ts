/** Writes a number with thousands separators, rounded to a whole: "4,812,077". */
export function formatCount(value: number): string {
  return Math.round(value).toLocaleString("en-US");
}

/** Writes a share of 0–1 in percent: "84.7 %", "85 %"; what is only close to none or all is never called so. */
export function formatShare(share: number): string {
  const rounded = Math.round(share * 1_000) / 10;
  if (rounded === 0 && share > 0) return "under 0.1 %";
  if (rounded === 100 && share < 1) return "over 99.9 %";
  return `${rounded.toLocaleString("en-US")} %`;
}

/** Writes how many times as much: "5.9 ×", "12 ×", "1.02 ×". */
export function formatRatio(ratio: number): string {
  const digits = ratio >= 10 ? 0 : ratio >= 1.1 ? 1 : 2;
  return `${ratio.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits })} ×`;
}
