import type { Escaping } from "./line-template.ts";

const HEX = /\\x([0-9A-Fa-f]{2})|\\(["\\])/g;
const APACHE = /\\x([0-9A-Fa-f]{2})|\\(["\\bntrv])/g;
const JSON_ESCAPE = /\\u([0-9A-Fa-f]{4})|\\(["\\/bfnrt])/g;
const PERCENT = /%([0-9A-Fa-f]{2})/g;
const CONTROLS: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

/**
 * Undoes what the log's own escaping did to a text, once. What is no escape is let be. Bytes that were escaped one by
 * one are read as UTF-8, with U+FFFD for what is none.
 *
 * `percent` is undone by `decodePercent`, since it holds for some fields only.
 */
export function unescapeText(text: string, escaping: Escaping): string {
  if (!text.includes("\\")) return text;
  if (escaping === "hex") return replaceBytes(text, HEX);
  if (escaping === "apache") return replaceBytes(text, APACHE);
  return escaping === "json" ? text.replace(JSON_ESCAPE, unescapeJson) : text;
}

/** Undoes `%HH` once. Total, unlike decodeURIComponent: `%%32` becomes `%2`. */
export function decodePercent(text: string): string {
  return text.includes("%") ? replaceBytes(text, PERCENT) : text;
}

function unescapeJson(_escape: string, unit: string | undefined, character: string | undefined): string {
  if (unit !== undefined) return String.fromCharCode(Number.parseInt(unit, 16));
  return CONTROLS[character ?? ""] ?? character ?? "";
}

function replaceBytes(text: string, escapes: RegExp): string {
  const pieces: Buffer[] = [];
  let copied = 0;
  for (const match of text.matchAll(escapes)) {
    const [all, byte, character = ""] = match;
    pieces.push(Buffer.from(text.slice(copied, match.index)));
    pieces.push(byte === undefined ? Buffer.from(CONTROLS[character] ?? character) : Buffer.from(byte, "hex"));
    copied = match.index + all.length;
  }
  return Buffer.concat([...pieces, Buffer.from(text.slice(copied))]).toString();
}
