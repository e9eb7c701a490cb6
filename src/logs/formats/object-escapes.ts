import { unescapeText } from "./escapes.ts";
import type { Escaping } from "./line-template.ts";

/** Undoes once what a server did to protect a field; what is no whole escape stays as it is. */
export function undoEscapes(text: string, escaping: Escaping): string {
  if (escaping !== "percent") return unescapeText(text, escaping);
  return text.includes("%") ? decodePercent(text) : text;
}

/**
 * The same for a user agent. Older files of CloudFront encode the blanks of user agents twice (`%2520`), so that what
 * still has `%20` after one decoding gets another.
 */
export function undoInUserAgent(text: string, escaping: Escaping): string {
  const once = undoEscapes(text, escaping);
  return escaping === "percent" && once.includes("%20") ? decodePercent(once) : once;
}

/** Undoes HAProxy's `#22`. */
export function decodeHashes(text: string): string {
  return text.includes("#") ? decodeRuns(text, /(?:#[0-9A-Fa-f]{2})+/g, 1) : text;
}

/** Bytes that are no UTF-8 stay as they are logged: a text cannot hold them. */
function decodePercent(text: string): string {
  return decodeRuns(text, /(?:%[0-9A-Fa-f]{2})+/g, 1);
}

function decodeRuns(text: string, runs: RegExp, markLength: number): string {
  return text.replace(runs, (run) => decodeRun(run, markLength));
}

/** Decodes escapes that follow each other, as characters are of up to four bytes. */
function decodeRun(run: string, markLength: number): string {
  const bytes = run.match(markLength === 1 ? /.../g : /..../g) ?? [];
  const percents = bytes.map((byte) => `%${byte.slice(markLength)}`).join("");
  try {
    return decodeURIComponent(percents);
  } catch {
    return bytes
      .map((byte) => {
        const code = Number.parseInt(byte.slice(markLength), 16);
        return code < 0x80 ? String.fromCharCode(code) : byte;
      })
      .join("");
  }
}
