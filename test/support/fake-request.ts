import { isCacheMiss } from "../../src/domain/cache-words.ts";
import { pathTemplate } from "../../src/domain/path-template.ts";
import type { Dimension, TrafficCounts } from "../../src/domain/traffic.ts";
import {
  hostOfReferer,
  networkOfClient,
  resourceOfPath,
  subnetOfClient,
  wideNetworkOfClient,
} from "../../src/logs/derived-values.ts";

/** One request of a made-up log; what is left out is unknown. */
export interface FakeRequest {
  readonly atMs: number;
  readonly ip?: string;
  readonly owner?: string;
  readonly userAgent?: string;
  readonly path?: string;
  readonly host?: string;
  readonly referer?: string;
  readonly status?: number;
  readonly method?: string;
  readonly query?: string;
  readonly queryKeys?: string;
  readonly queryShape?: string;
  readonly scheme?: string;
  readonly cache?: string;
  readonly tls?: string;
  readonly node?: string;
  readonly target?: string;
  readonly bytes?: number;
  readonly totalSecs?: number;
  readonly backendSecs?: number;
}

/** Gives what a request is counted by in a dimension; null where it is unknown. */
export function valueIn(request: FakeRequest, dimension: Dimension): string | null {
  switch (dimension) {
    case "net":
      return request.ip === undefined ? null : networkOfClient(request.ip);
    case "subnet":
      return request.ip === undefined ? null : subnetOfClient(request.ip);
    case "wideNet":
      return request.ip === undefined ? null : wideNetworkOfClient(request.ip);
    case "pathTemplate":
      return request.path === undefined ? null : pathTemplate(request.path);
    case "resource":
      return request.path === undefined ? null : resourceOfPath(request.path);
    case "refererHost":
      return request.referer === undefined ? null : hostOfReferer(request.referer);
    case "status":
      return request.status === undefined ? null : String(request.status);
    default:
      return request[dimension] ?? null;
  }
}

/** Counts requests as the engines do: what is known of none is null, and sums of seconds are exact to the microsecond. */
export function count(requests: readonly FakeRequest[]): TrafficCounts {
  const backendSecs = requests.flatMap((request) => request.backendSecs ?? []);
  const caches = requests.flatMap(({ cache }) => cache ?? []);
  return {
    requests: requests.length,
    bytes: requests.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
    errors: requests.filter(({ status }) => (status ?? 0) >= 500).length,
    clients: new Set(requests.flatMap(({ ip }) => ip ?? [])).size,
    backendSecs:
      backendSecs.length === 0 ? null : backendSecs.reduce((sum, secs) => sum + Math.round(secs * 1e6), 0) / 1e6,
    cacheMisses: caches.length === 0 ? null : caches.filter(isCacheMiss).length,
  };
}
