import { knownOrNull } from "./quoted-field.ts";

/** What a request line says: `GET /path?query HTTP/1.1`. */
export interface RequestLine {
  readonly method: string | null;
  /** Without the query. */
  readonly target: string | null;
}

/** The methods that the fast reader knows; it leaves the others to the patient one. */
const COMMON_METHODS = ["GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "PROPFIND", "CONNECT", "TRACE"];

const METHOD = /^[A-Za-z][A-Za-z_-]{0,31}$/;

/**
 * Splits a request line: the method ends at the first blank, the protocol begins after the last one, since
 * URLs of attacks hold blanks. What is no request (`-`, TLS bytes, nothing at all) gives nulls.
 */
export function parseRequestLine(text: string): RequestLine {
  const line = text.trimEnd();
  const first = line.indexOf(" ");
  const method = first === -1 ? "" : line.slice(0, first);
  if (!METHOD.test(method)) return { method: null, target: null };
  const last = line.lastIndexOf(" ");
  const hasProtocol = last > first && line.startsWith("HTTP/", last + 1);
  const url = line.slice(first + 1, hasProtocol ? last : undefined).trim();
  const query = url.indexOf("?");
  return { method, target: knownOrNull(query === -1 ? url : url.slice(0, query)) };
}

/**
 * The same in SQL, over a list column that holds the request line split at blanks.
 * `isClean` holds for requests of three words; `isNone` for `-` and for nothing at all.
 */
export function requestLineSql(words: string): { isClean: string; isNone: string; method: string; target: string } {
  const methods = COMMON_METHODS.map((method) => `'${method}'`).join(", ");
  // IN of more than a few values becomes a join, during which the engine does not say how far it is.
  const isClean = `(len(${words}) = 3 AND list_contains([${methods}], ${words}[1]) AND ${words}[2] <> '' AND starts_with(${words}[3], 'HTTP/'))`;
  const isNone = `(len(${words}) = 1 AND ${words}[1] IN ('', '-'))`;
  return {
    isClean,
    isNone,
    method: `CASE WHEN len(${words}) = 3 THEN ${words}[1] END`,
    target: `CASE WHEN len(${words}) = 3 THEN split_part(${words}[2], '?', 1) END`,
  };
}
