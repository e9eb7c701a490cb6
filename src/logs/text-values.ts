/** What a text column's raw bytes mean, once for each distinct text. */
import type { ClientResolver } from "./client-address.ts";
import { unescapeText } from "./formats/escapes.ts";
import { clientOf, targetOf } from "./formats/field-values.ts";
import type { Escaping } from "./formats/line-template.ts";
import { undoEscapes, undoInUserAgent } from "./formats/object-escapes.ts";
import { isMethod } from "./formats/request-line.ts";
import { parseHost, parseScheme } from "./formats/url.ts";
import * as code from "./kernel/codes.ts";

export type TextReader = (raw: string) => string | null;

/** Gives how texts of a column are read that are escaped so: as the patient readers of the formats do it. */
export function textReader(column: number, escaping: Escaping, resolveClient: ClientResolver): TextReader {
  const undo = (raw: string) => (escaping === "percent" ? undoEscapes(raw, escaping) : unescapeText(raw, escaping));
  switch (column) {
    case code.TEXT_CLIENT:
      return (raw) => readClient(raw, undo, resolveClient);
    case code.TEXT_HOST:
      return (raw) => parseHost(unescapeText(raw, escaping));
    case code.TEXT_SCHEME:
      return parseScheme;
    case code.TEXT_METHOD:
      return (raw) => (isMethod(raw) ? raw : null);
    case code.TEXT_TARGET:
      return (raw) => targetOf(unescapeText(raw, escaping));
    case code.TEXT_USER_AGENT:
      return escaping === "percent" ? (raw) => undoInUserAgent(raw, escaping) : undo;
    case code.TEXT_PATH:
    case code.TEXT_QUERY:
    case code.TEXT_REFERER:
      return undo;
    default:
      return (raw) => unescapeText(raw, escaping);
  }
}

/** The kernel joins the forwarded addresses behind a zero byte. */
function readClient(raw: string, undo: (raw: string) => string, resolveClient: ClientResolver): string | null {
  const zero = raw.indexOf("\0");
  if (zero === -1) return resolveClient(clientOf(raw), null);
  return resolveClient(clientOf(raw.slice(0, zero)), undo(raw.slice(zero + 1)));
}
