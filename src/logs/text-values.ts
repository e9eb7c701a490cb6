/** What a text column's raw bytes mean, once for each distinct text. */
import type { ClientResolver } from "./client-address.ts";
import { decodePercent, decodeUserAgent, unescapeText } from "./formats/escapes.ts";
import { clientOf, knownOrNull, targetOf } from "./formats/field-values.ts";
import type { Escaping } from "./formats/line-template.ts";
import { isMethod } from "./formats/request-line.ts";
import { parseHost, parseScheme } from "./formats/url.ts";
import * as code from "./kernel/codes.ts";

export type TextReader = (raw: string) => string | null;

/** Gives how texts of a column are read that are escaped so: as the patient readers of the formats do it. */
export function textReader(column: number, escaping: Escaping, resolveClient: ClientResolver): TextReader {
  const plain: TextReader = (raw) => knownOrNull(unescapeText(raw, escaping));
  switch (column) {
    case code.TEXT_CLIENT:
      return (raw) => readClient(raw, escaping, resolveClient);
    case code.TEXT_HOST:
      return (raw) => parseHost(unescapeText(raw, escaping));
    case code.TEXT_SCHEME:
      return parseScheme;
    case code.TEXT_METHOD:
      return (raw) => (isMethod(raw) ? raw : null);
    case code.TEXT_TARGET:
      return (raw) => targetOf(unescapeText(raw, escaping));
    case code.TEXT_USER_AGENT:
      return decoded(plain, decodeUserAgent);
    case code.TEXT_PATH:
    case code.TEXT_QUERY:
    case code.TEXT_REFERER:
      return decoded(plain);
    default:
      return plain;
  }

  function decoded(read: TextReader, decode = decodePercent): TextReader {
    if (escaping !== "percent") return read;
    return (raw) => {
      const text = read(raw);
      return text === null ? null : knownOrNull(decode(text));
    };
  }
}

/** The kernel joins the forwarded addresses behind a zero byte. */
function readClient(raw: string, escaping: Escaping, resolveClient: ClientResolver): string | null {
  const zero = raw.indexOf("\0");
  if (zero === -1) return resolveClient(clientOf(raw), null);
  const forwardedFor = unescapeText(raw.slice(zero + 1), escaping);
  return resolveClient(
    clientOf(raw.slice(0, zero)),
    escaping === "percent" ? decodePercent(forwardedFor) : forwardedFor,
  );
}
