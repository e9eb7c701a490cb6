import type { Ailment } from "./ailment.ts";
import type { Arrival, ResourceKind } from "./arrival.ts";
import type { CacheResult } from "./cache.ts";
import type { Exchange } from "./exchange.ts";
import type { Instance } from "./fleet.ts";
import type { Strain } from "./load.ts";
import type { Random } from "./random.ts";

/** How long machines take that have nothing else to do. */
const MEDIAN_MS: Readonly<Record<ResourceKind, number>> = { page: 95, api: 35, file: 5 };
const LATENCY_SPREAD = 0.55;
/** After so long the application's supervisor stops the worker and the connection breaks. */
const WORKER_TIMEOUT_MS = 6_000;
/** Pages that fail on a good day. */
const BUG_SHARE = 0.004;
const HEADER_BYTES = 420;
const BLOCKED_BYTES = 520;
const ERROR_PAGE_BYTES = 690;
const CACHED_MEDIAN_MS = 2;

/** Decides what a request gets from machines under the given strain. */
export function respond(options: {
  readonly arrival: Arrival;
  readonly instances: readonly Instance[];
  readonly strain: Strain;
  /** What the cache said, which then did not answer by itself; null where there is none. */
  readonly cache: CacheResult | null;
  readonly ailmentAt: (arrival: Arrival, target: string) => Ailment | null;
  readonly random: Random;
}): Exchange {
  const { arrival, instances, strain, cache, random } = options;
  if (instances.length === 0) return failed({ arrival, cache, status: 503, target: null, targetSecs: null, random });
  const target = random.pick(instances).address;
  if (random.chance(strain.refusedShare)) {
    return failed({ arrival, cache, status: 503, target, targetSecs: 0.002, random });
  }

  const {
    slowdown = 1,
    connectSecs = 0,
    clientSecs = 0,
    heldUntilMs = 0,
    failure,
  } = options.ailmentAt(arrival, target) ?? WELL;
  if (failure !== undefined) {
    return failed({
      arrival,
      cache,
      status: failure.status,
      target,
      targetSecs: failure.afterSecs,
      random,
      isAiling: true,
    });
  }
  const median = MEDIAN_MS[arrival.kind] * strain.slowdown;
  const wellMs = strain.waitMs + random.logNormal(median, LATENCY_SPREAD);
  if (wellMs * slowdown > WORKER_TIMEOUT_MS) {
    return failed({ arrival, cache, status: 502, target, targetSecs: null, random });
  }
  const tookMs = Math.max(wellMs * slowdown + connectSecs * 1_000, heldUntilMs - arrival.atMs);
  if (arrival.kind === "page" && random.chance(BUG_SHARE)) {
    return failed({ arrival, cache, status: 500, target, targetSecs: tookMs / 1_000, random });
  }
  return {
    arrival,
    doneMs: Math.round(arrival.atMs + tookMs + clientSecs * 1_000),
    outcome: "served",
    status: arrival.status,
    target,
    targetSecs: tookMs / 1_000,
    connectSecs,
    clientSecs,
    cache,
    ailedSecs: (tookMs - wellMs) / 1_000 + clientSecs,
    receivedBytes: requestBytes(arrival, random),
    sentBytes: arrival.bodyBytes + HEADER_BYTES,
  };
}

const WELL: Ailment = {};

/** What the cache answers by itself; `target` is the machine that it runs on, null where it stands before what logs. */
export function answerFromCache(arrival: Arrival, target: string | null, random: Random): Exchange {
  const tookMs = random.logNormal(CACHED_MEDIAN_MS, LATENCY_SPREAD);
  return {
    arrival,
    doneMs: Math.round(arrival.atMs + tookMs),
    outcome: target === null ? "cached" : "served",
    status: arrival.status,
    target,
    targetSecs: target === null ? null : tookMs / 1_000,
    connectSecs: 0,
    clientSecs: 0,
    cache: "hit",
    ailedSecs: 0,
    receivedBytes: requestBytes(arrival, random),
    sentBytes: arrival.bodyBytes + HEADER_BYTES,
  };
}

/** What the firewall answers; no machine hears of the request. */
export function turnAway(
  arrival: Arrival,
  random: Random,
  outcome: "blocked" | "limited" | "challenged" = "blocked",
): Exchange {
  return {
    arrival,
    doneMs: arrival.atMs + 1,
    outcome,
    status: outcome === "challenged" ? 202 : 403,
    target: null,
    targetSecs: null,
    connectSecs: 0,
    clientSecs: 0,
    cache: null,
    ailedSecs: 0,
    receivedBytes: requestBytes(arrival, random),
    sentBytes: BLOCKED_BYTES,
  };
}

function failed(options: {
  readonly arrival: Arrival;
  readonly cache: CacheResult | null;
  readonly status: 500 | 502 | 503 | 504;
  readonly target: string | null;
  readonly targetSecs: number | null;
  readonly random: Random;
  readonly isAiling?: boolean;
}): Exchange {
  const { arrival, status, target, targetSecs, random } = options;
  const isTimeout = status === 502 && targetSecs === null;
  return {
    arrival,
    doneMs: Math.round(arrival.atMs + (isTimeout ? WORKER_TIMEOUT_MS : (targetSecs ?? 0) * 1_000)),
    outcome: isTimeout ? "timed-out" : status === 503 ? "refused" : "served",
    status,
    target,
    targetSecs,
    connectSecs: 0,
    clientSecs: 0,
    cache: options.cache,
    ailedSecs: options.isAiling ? (targetSecs ?? 0) : 0,
    receivedBytes: requestBytes(arrival, random),
    sentBytes: ERROR_PAGE_BYTES,
  };
}

function requestBytes(arrival: Arrival, random: Random): number {
  return 90 + arrival.path.length + arrival.client.userAgent.length + random.int(160);
}
