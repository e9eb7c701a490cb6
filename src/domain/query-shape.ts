/** Longer queries are attacks or mistakes; what follows tells nothing about what was asked. */
const MAX_PARAMETERS = 40;

const PLACEHOLDER = "{random}";
/** Times in milliseconds and numbers by chance, `0.8374650912` among them; years, pages and sizes are shorter. */
const NUMBER = /^-?(?:\d+\.)?\d{7,}$/;
const HEX = /^[0-9a-f]{8,}$/i;
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** What base64 is written in, in URLs too. */
const TOKEN = /^(?:[0-9A-Za-z+/=._~-]|%2B|%2F|%3D){8,}$/i;
const MIN_TOKEN_CHARS = 8;
/** Of eight characters chosen by chance from 36, 95 % have more; of `a1a1a1a1` there is 1. */
const MIN_ENTROPY_BITS = 2.4;
/** Small letters, capitals and digits that are mixed by chance change more often, words and their numbers less. */
const MIN_CHANGES_PER_CHAR = 0.25;

/**
 * Gives the names in a query in their order, each once, with `={random}` where its value looks made up: to get past a
 * cache, or because it names one thing of many. A name that looks so itself becomes `{random}`. Null for no name.
 *
 * Made up looks a number of seven or more digits, eight or more hexadecimal ones, a UUID, and eight or more letters and
 * digits that are mixed as no word is. Letters of one case alone never do. Looks at the first 40 parameters.
 *
 * @example
 * queryShape("page=2&cb=1696154400123&page=3"); // "page&cb={random}"
 * queryShape("q=red+shoes&sid=q9X2bT7fLk");     // "q&sid={random}"
 * queryShape("1696154400123");                  // "{random}"
 */
export function queryShape(query: string): string | null {
  const shapes = query
    .split("&", MAX_PARAMETERS)
    .map(parameterShape)
    .filter((shape) => shape !== "");
  return shapes.length === 0 ? null : [...new Set(shapes)].join("&");
}

function parameterShape(parameter: string): string {
  const equals = parameter.indexOf("=");
  const name = equals === -1 ? parameter : parameter.slice(0, equals);
  const shownName = isMadeUp(name) ? PLACEHOLDER : name;
  return equals !== -1 && isMadeUp(parameter.slice(equals + 1)) ? `${shownName}=${PLACEHOLDER}` : shownName;
}

function isMadeUp(text: string): boolean {
  // Most are short, and there may be a million of them.
  if (text.length < MIN_TOKEN_CHARS - 1) return false;
  return NUMBER.test(text) || HEX.test(text) || UUID.test(text) || (TOKEN.test(text) && isMixed(text));
}

function isMixed(text: string): boolean {
  const chars = text.replace(/%[0-9a-f]{2}|[^0-9A-Za-z]/gi, "").length;
  return (
    chars >= MIN_TOKEN_CHARS &&
    changesWithin(text) / chars >= MIN_CHANGES_PER_CHAR &&
    entropyBits(text) >= MIN_ENTROPY_BITS
  );
}

/** Counts how often the class changes from one character to the next; a capital begins a word and is no change to it. */
function changesWithin(text: string): number {
  return text.match(/[a-z](?=[A-Z0-9])|[A-Z](?=[0-9])|[0-9](?=[A-Za-z])/g)?.length ?? 0;
}

/** Shannon's, a character. */
function entropyBits(text: string): number {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  return [...counts.values()].reduce((bits, count) => bits - (count / text.length) * Math.log2(count / text.length), 0);
}
