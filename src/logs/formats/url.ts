import { knownOrNull } from "./field-values.ts";

/** What a logged URL tells; a mere path tells neither scheme nor host. */
export interface LoggedUrl {
  readonly scheme: string | null;
  readonly host: string | null;
  readonly path: string | null;
  readonly query: string | null;
}

export const NO_URL: LoggedUrl = { scheme: null, host: null, path: null, query: null };

const ABSOLUTE = /^([A-Za-z][A-Za-z0-9+.-]*):\/\/([^/?]*)(.*)$/s;
/** Load balancers put what was asked for right behind the port: here, the `*` of `OPTIONS *`. */
const ASTERISK = /:\d+\*$/;

/**
 * Takes `scheme://authority/path?query`, or a path with its query, apart. Not by the rules of the web, since attacks
 * break them, but by position: what is odd stays as it was asked for.
 *
 * The authority ends at the first `/` or `?`; no path means `/`. The query is null where it is empty or `-`.
 */
export function parseUrl(text: string): LoggedUrl {
  const url = knownOrNull(text);
  if (url === null) return NO_URL;
  const [, scheme, authority = "", behind = ""] = ABSOLUTE.exec(url) ?? [];
  if (scheme === undefined) return { ...NO_URL, ...splitQuery(url) };
  const { path, query } = splitQuery(behind);
  const isOfAll = path === null && ASTERISK.test(authority);
  const end = isOfAll ? authority.length - 1 : authority.length;
  return {
    scheme: lowerCase(scheme),
    host: parseHost(authority.slice(authority.lastIndexOf("@") + 1, end)),
    path: isOfAll ? "*" : (path ?? "/"),
    query,
  };
}

/**
 * Gives a site's name in small letters and without its port, `:80` or, as load balancers log it where they were sent
 * none, `:80-`. An IPv6 address has its port after brackets only.
 */
export function parseHost(text: string): string | null {
  const host = text.includes(":") ? text.replace(/^([^:]*|.*\]):\d*-?$/s, "$1") : text;
  return knownOrNull(lowerCase(host));
}

export function parseScheme(text: string): string | null {
  return knownOrNull(lowerCase(text));
}

function splitQuery(url: string): { path: string | null; query: string | null } {
  const mark = url.indexOf("?");
  if (mark === -1) return { path: knownOrNull(url), query: null };
  return { path: knownOrNull(url.slice(0, mark)), query: knownOrNull(url.slice(mark + 1)) };
}

/** ASCII only, as names of hosts and schemes are. */
function lowerCase(text: string): string {
  return /[A-Z]/.test(text) ? text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()) : text;
}
