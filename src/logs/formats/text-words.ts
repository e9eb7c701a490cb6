import { closingQuote } from "./objects/object-quotes.ts";

/** Splits a text at blanks; what begins with a quote goes on to the next one, and is given without both. */
export function splitWords(text: string): readonly string[] {
  const words: string[] = [];
  let at = 0;
  while (at < text.length) {
    if (text[at] === " ") {
      at += 1;
      continue;
    }
    const isQuoted = text[at] === '"';
    const found = isQuoted ? closingQuote(text, at + 1) : text.indexOf(" ", at);
    const end = found === -1 ? text.length : found;
    words.push(text.slice(isQuoted ? at + 1 : at, end));
    at = end + 1;
  }
  return words;
}
