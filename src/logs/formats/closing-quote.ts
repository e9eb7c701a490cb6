/**
 * Finds the quote that ends a quoted text whose inside begins at `from`; -1 where it does not end. A backslash
 * protects what follows. Looks no further than that quote, so that going from one to the next takes linear time.
 */
export function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  while (at !== -1 && isProtected(text, from, at)) at = text.indexOf('"', at + 1);
  return at;
}

/** Whether a quote is part of the text that begins at `from`, for the backslashes before it. */
export function isProtected(text: string, from: number, quote: number): boolean {
  let backslashes = 0;
  while (quote - backslashes > from && text[quote - 1 - backslashes] === "\\") backslashes += 1;
  return backslashes % 2 === 1;
}
