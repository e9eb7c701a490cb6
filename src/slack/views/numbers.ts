/** Numbers as people read them. */

/** "4,812,077"; below ten with one decimal where there is one. */
export function count(value: number): string {
  const rounded = Math.abs(value) < 10 ? Math.round(value * 10) / 10 : Math.round(value);
  return rounded.toLocaleString("en-US");
}

/** Shares 0–1 as "84.7 %"; never rounds something to nothing or to all. */
export function percent(share: number): string {
  const points = share * 100;
  if (points > 0 && points < 0.1) return "< 0.1 %";
  if (points < 100 && points > 99.9) return "> 99.9 %";
  return `${(Math.round(points * 10) / 10).toLocaleString("en-US")} %`;
}

/** "5.9 ×"; null reads "–". */
export function times(ratio: number | null): string {
  if (ratio === null) return "–";
  // Near one a hundredth tells "the same" from "a little more".
  const digits = ratio < 2 ? 100 : ratio < 10 ? 10 : 1;
  return `${(Math.round(ratio * digits) / digits).toLocaleString("en-US")} ×`;
}

/** "$2.10". */
export function usd(amount: number): string {
  return amount.toLocaleString("en-US", { style: "currency", currency: "USD" });
}

/** "1 address", "3 addresses". */
export function plural(amount: number, one: string, many = `${one}s`): string {
  return `${count(amount)} ${amount === 1 ? one : many}`;
}
