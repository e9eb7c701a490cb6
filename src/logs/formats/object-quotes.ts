/** Finds the quote that ends a quoted text whose inside begins at `from`; -1 where it does not end. A backslash protects what follows. */
export function closingQuote(text: string, from: number): number {
  let at = text.indexOf('"', from);
  let backslash = text.indexOf("\\", from);
  while (at !== -1 && backslash !== -1 && backslash < at) {
    const next = backslash + 2;
    if (at < next) at = text.indexOf('"', next);
    backslash = text.indexOf("\\", next);
  }
  return at;
}
