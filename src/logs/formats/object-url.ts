import { textOf } from "./object-values.ts";
import { trimBlanks, trimBlanksAtEnd } from "./request-line.ts";

/** What a request line says: `GET /path?query HTTP/1.1`. */
export interface ToldRequest {
  readonly method: string;
  readonly url: string | null;
}

/** The parts of a URL; of a path, scheme and host are null. */
export interface UrlParts {
  readonly scheme: string | null;
  readonly host: string | null;
  readonly path: string | null;
  readonly query: string | null;
}

const METHOD = /^[A-Za-z][A-Za-z_-]{0,31}$/;
const ABSOLUTE = /^([A-Za-z][A-Za-z0-9+.-]{0,31}):\/\/([^/?#]*)/;

/** Gives a method as it was sent; null for what is none. */
export function methodOf(text: string | null): string | null {
  return text !== null && METHOD.test(text) ? text : null;
}

/**
 * Splits a request line: the method ends at the first blank, the protocol begins after the last one, since URLs of
 * attacks hold blanks. Null for what is no request, such as `-`, `<BADREQ>` and the bytes of TLS.
 */
export function splitRequest(text: string): ToldRequest | null {
  const line = trimBlanksAtEnd(text);
  const first = line.indexOf(" ");
  const method = methodOf(line.slice(0, Math.max(0, first)));
  if (method === null) return null;
  const last = line.lastIndexOf(" ");
  const hasProtocol = last > first && line.startsWith("HTTP/", last + 1);
  return { method, url: textOf(trimBlanks(line.slice(first + 1, hasProtocol ? last : undefined))) };
}

/** Splits a URL, or a path with its query. A URL without a path asks for `/`. */
export function splitUrl(url: string): UrlParts {
  const [site = "", scheme, authority = ""] = ABSOLUTE.exec(url) ?? [];
  const rest = url.slice(site.length);
  const mark = rest.indexOf("?");
  const path = mark === -1 ? rest : rest.slice(0, mark);
  return {
    scheme: scheme?.toLowerCase() ?? null,
    host: scheme === undefined ? null : hostOf(authority),
    path: path === "" && scheme !== undefined ? "/" : textOf(path),
    query: mark === -1 ? null : queryOf(rest.slice(mark)),
  };
}

/** Gives a site in small letters, without a user before it and a port behind it. */
export function hostOf(text: string | null): string | null {
  if (text === null) return null;
  const host = text.slice(text.lastIndexOf("@") + 1).toLowerCase();
  // Malformed requests have the port `80-`; a bare IPv6 address has colons that begin no port.
  return textOf(/^(\[[^\]]*\]|[^:]*):[\d-]*$/.exec(host)?.[1] ?? host);
}

/** Gives a query without its question mark; null where nothing is asked. */
export function queryOf(text: string | null): string | null {
  return text === null ? null : textOf(text.startsWith("?") ? text.slice(1) : text);
}
