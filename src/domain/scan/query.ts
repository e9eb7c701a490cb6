/** Longer queries are attacks or mistakes; what follows tells no more. */
const MAX_QUERY_CHARS = 2_048;
const MAX_KEY_CHARS = 40;

/**
 * Gives the names in a query, sorted, each once, joined by `&`, so that requests of one kind count together. Empty for
 * none.
 *
 * Names that look random are written `{random}`, since `?8412345` has its noise where others have a name. Takes a query
 * with or without its question mark; linear in its first 2,048 characters.
 *
 * @example
 * queryTemplate("?sort=asc&page=2"); // "page&sort"
 * queryTemplate("83412057"); // "{random}"
 */
export function queryTemplate(query: string): string {
  const keys = pairsOf(query)
    .map(({ key }) => key)
    .filter((key) => key !== "")
    .map((key) => (isRandomLooking(key) ? "{random}" : key.slice(0, MAX_KEY_CHARS)));
  return [...new Set(keys)].sort().join("&");
}

/**
 * Tells whether a query looks made up to get past the cache: one of its values or names looks random.
 *
 * Ids that stay the same look so too; many different ones to one path are what tells of a bypass.
 *
 * @example
 * isRandomQuery("v=a81bc81bdeadbeef9f02"); // true
 * isRandomQuery("page=2&sort=asc"); // false
 */
export function isRandomQuery(query: string): boolean {
  return pairsOf(query).some(({ key, value }) => isRandomLooking(key) || isRandomLooking(value));
}

function pairsOf(query: string): readonly { readonly key: string; readonly value: string }[] {
  const bare = query.slice(0, MAX_QUERY_CHARS).replace(/^\?/, "").replace(/#.*$/s, "");
  return bare.split("&").map((pair) => {
    const at = pair.indexOf("=");
    return at < 0 ? { key: pair, value: "" } : { key: pair.slice(0, at), value: pair.slice(at + 1) };
  });
}

/** Random numbers of tools that bypass caches; shorter ones are pages and ids, longer ones phone numbers and times in ms. */
const NUMBER = /^\d{7,12}$/;
const HEX = /^(?:[0-9a-f]{12,}|[0-9A-F]{12,})$/;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const TOKEN = /^[0-9A-Za-z_+/~-]{10,}={0,2}$/;
/** What stands between separators is short in titles and article numbers; chance puts them in 1 of 32 places. */
const SEPARATOR = /[-_~+/=]/;
const MIN_RUN_CHARS = 10;
/** Neighbours of different classes, of all: more than a third in random letters and digits, a few in words. */
const MIN_CHANGES = 0.34;
/** Of 12 random hexadecimal digits, 999 in 1,000 have as many bits a digit (200,000 draws). */
const MIN_HEX_BITS = 2.1;
/** Of 12 random base64 characters, all but a few in 100,000. */
const MIN_TOKEN_BITS = 2.5;

/**
 * Tells whether a value looks drawn at random: 7 to 12 digits, a UUID, or hexadecimal or base64 with as much entropy as
 * chance gives. Words, dates, addresses and small numbers do not.
 *
 * @source CrowdSec's http-dos-bypass-cache, for queries of digits alone; C. Shannon, "A mathematical theory of
 *   communication" (1948), for entropy
 * @example
 * isRandomLooking("83412057"); // true
 * isRandomLooking("a81bc81bdeadbeef"); // true
 * isRandomLooking("summer-collection"); // false
 */
export function isRandomLooking(value: string): boolean {
  if (NUMBER.test(value)) return !isDate(value);
  if (UUID.test(value)) return true;
  if (HEX.test(value)) return /\d/.test(value) && /[a-f]/i.test(value) && bitsPerCharacter(value) >= MIN_HEX_BITS;
  if (!TOKEN.test(value) || bitsPerCharacter(value) < MIN_TOKEN_BITS) return false;
  return value.split(SEPARATOR).some((run) => run.length >= MIN_RUN_CHARS && classChanges(run) >= MIN_CHANGES);
}

/** Whether digits are a day of this or the last century: 20240131. */
function isDate(digits: string): boolean {
  return /^(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])$/.test(digits);
}

function bitsPerCharacter(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}

/** How many neighbours of all are of different classes. A capital before small letters begins a word and does not count. */
function classChanges(text: string): number {
  const classes = text.replace(/[A-Z](?=[a-z]{2})/g, "a");
  let changes = 0;
  for (let at = 1; at < classes.length; at += 1) {
    if (classOf(classes[at] as string) !== classOf(classes[at - 1] as string)) changes += 1;
  }
  return changes / Math.max(1, classes.length - 1);
}

function classOf(character: string): "digit" | "lower" | "upper" {
  if (/\d/.test(character)) return "digit";
  return /[a-z]/.test(character) ? "lower" : "upper";
}
