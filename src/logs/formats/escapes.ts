import type { Escaping } from "./line-template.ts";

/** Bytes in a row are undone together, since a character is of up to four. */
const HEX = /((?:\\x[0-9A-Fa-f]{2})+)|\\(["\\])/g;
const APACHE = /((?:\\x[0-9A-Fa-f]{2})+)|\\(["\\bntrv])/g;
const JSON_ESCAPE = /\\u([0-9A-Fa-f]{4})|\\(["\\/bfnrt])/g;
const HASHES = /(?:#[0-9A-Fa-f]{2})+/g;
/** What may be one character in UTF-8, which leaves out most of what is none. */
const PERCENT =
  /%[0-7][0-9A-F]|%[CD][0-9A-F]%[89AB][0-9A-F]|%E[0-9A-F](?:%[89AB][0-9A-F]){2}|%F[0-4](?:%[89AB][0-9A-F]){3}/gi;
const CONTROLS: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/**
 * Undoes what the log's own escaping did to a text, once. What is no escape is let be. Bytes that were escaped one by
 * one are read as UTF-8, with U+FFFD for what is none.
 *
 * `percent` is undone by `decodePercent`, since it holds for some fields only.
 */
export function unescapeText(text: string, escaping: Escaping): string {
  if (!text.includes("\\")) return text;
  if (escaping === "hex") return text.replace(HEX, unescapeBytes);
  if (escaping === "apache") return text.replace(APACHE, unescapeBytes);
  return escaping === "json" ? text.replace(JSON_ESCAPE, unescapeJson) : text;
}

/**
 * Undoes `%HH` once. Total, unlike decodeURIComponent: `%%32` becomes `%2`, and bytes that are no UTF-8 stay as they
 * are logged, which is how the client may have sent them.
 */
export function decodePercent(text: string): string {
  if (!text.includes("%")) return text;
  try {
    // Many times as fast, where nothing is odd.
    return decodeURIComponent(text);
  } catch {
    return text.replace(PERCENT, decodeCharacter);
  }
}

/**
 * The same for a user agent. Older files of CloudFront encode the blanks of user agents twice (`%2520`), so that what
 * still has `%20` after one decoding gets another.
 */
export function decodeUserAgent(text: string): string {
  const once = decodePercent(text);
  return once.includes("%20") ? decodePercent(once) : once;
}

/** Undoes HAProxy's `#22`. */
export function decodeHashes(text: string): string {
  return text.includes("#") ? text.replace(HASHES, (run) => bytesOfHex(run.replaceAll("#", ""))) : text;
}

function unescapeBytes(_escape: string, run: string | undefined, character = ""): string {
  return run === undefined ? (CONTROLS[character] ?? character) : bytesOfHex(run.replaceAll("\\x", ""));
}

function bytesOfHex(digits: string): string {
  return Buffer.from(digits, "hex").toString();
}

function unescapeJson(_escape: string, unit: string | undefined, character = ""): string {
  return unit === undefined ? (CONTROLS[character] ?? character) : String.fromCharCode(Number.parseInt(unit, 16));
}

/** Some that look like a character are none: `%C0%80`, `%ED%A0%80`. */
function decodeCharacter(escaped: string): string {
  try {
    return decodeURIComponent(escaped);
  } catch {
    return escaped;
  }
}
