/** What things are called for people; one name a thing, everywhere. */
import type { CauseKind } from "../../domain/finding.ts";
import type { Dimension, TrafficFilter } from "../../domain/traffic.ts";
import { code } from "../escape.ts";

export const DIMENSION_NAMES: Readonly<Record<Dimension, { readonly one: string; readonly many: string }>> = {
  ip: { one: "address", many: "addresses" },
  net: { one: "network", many: "networks" },
  subnet: { one: "subnet", many: "subnets" },
  wideNet: { one: "wide network", many: "wide networks" },
  owner: { one: "network owner", many: "network owners" },
  userAgent: { one: "user agent", many: "user agents" },
  path: { one: "path", many: "paths" },
  pathTemplate: { one: "route", many: "routes" },
  host: { one: "host", many: "hosts" },
  resource: { one: "kind of resource", many: "kinds of resources" },
  referer: { one: "referer", many: "referers" },
  refererHost: { one: "referring site", many: "referring sites" },
  status: { one: "status", many: "statuses" },
  method: { one: "method", many: "methods" },
  query: { one: "query", many: "queries" },
  queryKeys: { one: "set of query parameters", many: "sets of query parameters" },
  queryShape: { one: "query shape", many: "query shapes" },
  scheme: { one: "scheme", many: "schemes" },
  cache: { one: "cache result", many: "cache results" },
  tls: { one: "TLS version", many: "TLS versions" },
  node: { one: "node", many: "nodes" },
  target: { one: "target", many: "targets" },
};

export const CAUSE_NAMES: Readonly<Record<CauseKind, string>> = {
  "heavy-client": "one heavy client",
  "flash-crowd": "a crowd of real visitors",
  "no-anomaly": "no spike",
  unknown: "no known pattern",
  "distributed-flood": "a distributed flood",
  scanner: "a scanner",
  "client-regression": "a changed client",
  "cache-bypass": "a bypassed cache",
  "retry-storm": "a storm of retries",
  "slow-backend": "a slow backend",
};

/** "address `198.51.100.14`, path `/feed`"; empty for no value. */
function sliceText(slice: Readonly<Partial<Record<Dimension, string | undefined>>>): string {
  return Object.entries(slice)
    .filter((entry): entry is [Dimension, string] => entry[1] !== undefined)
    .map(([dimension, value]) => `${DIMENSION_NAMES[dimension].one} ${code(value)}`)
    .join(", ");
}

/** "Only requests with …, without …"; null for no filter. */
export function filterText(filter: TrafficFilter): string | null {
  const only = sliceText(filter.only ?? {});
  const not = sliceText(filter.not ?? {});
  if (only === "" && not === "") return null;
  if (not === "") return `Only requests with ${only}.`;
  return only === "" ? `Requests without ${not}.` : `Only requests with ${only}, without ${not}.`;
}
