import type { Dimension } from "../domain/traffic.ts";

/** What people type for a dimension; the first is what a usage shows. */
export const DIMENSION_WORDS: Readonly<Record<Dimension, readonly string[]>> = {
  ip: ["ip", "address", "addresses", "client"],
  net: ["net", "network", "networks"],
  subnet: ["subnet", "subnets"],
  wideNet: ["widenet", "wide-net"],
  owner: ["owner", "owners", "asn"],
  userAgent: ["ua", "useragent", "agent", "user-agent"],
  path: ["path", "paths", "url"],
  pathTemplate: ["route", "routes", "pathtemplate", "template"],
  host: ["host", "hosts"],
  resource: ["resource", "resources"],
  referer: ["referer", "referrer"],
  refererHost: ["refererhost", "referrerhost", "site"],
  status: ["status", "statuses", "code"],
  method: ["method", "methods"],
  query: ["query", "queries"],
  queryKeys: ["querykeys", "query-keys", "parameters", "params"],
  queryShape: ["queryshape", "query-shape", "shape"],
  scheme: ["scheme", "schemes", "protocol"],
  cache: ["cache", "caches"],
  tls: ["tls", "ssl"],
  node: ["node", "nodes", "edge"],
  target: ["target", "targets", "backend"],
};

/** Gives the word of a dimension that usages and examples show. */
export function dimensionWordOf(dimension: Dimension): string {
  return DIMENSION_WORDS[dimension][0] ?? dimension;
}
