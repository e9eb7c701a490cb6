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

const IN_ORDER = { connectSecs: 0, clientSecs: 0, cache: null, ailedSecs: 0 } as const;

/** Decides what a request gets from machines under the given strain. */
export function respond(options: {
  readonly arrival: Arrival;
  readonly instances: readonly Instance[];
  readonly strain: Strain;
  /** What the cache said, which then did not answer by itself; null where there is none. */
  readonly cache: CacheResult | null;
  readonly ailmentAt: (target: string) => Ailment;
  readonly random: Random;
}): Exchange {
  const { arrival, instances, strain, cache, random } = options;
  const fail = (status: 500 | 502 | 503 | 504, target: string | null, targetSecs: number | null): Exchange => ({
    ...failed(arrival, status, target, targetSecs, random),
    cache,
  });
  if (instances.length === 0) return fail(503, null, null);
  const target = random.pick(instances).address;
  if (random.chance(strain.refusedShare)) return fail(503, target, 0.002);

  const { slowdown = 1, connectSecs = 0, clientSecs = 0, heldUntilMs = 0, failure } = options.ailmentAt(target);
  if (failure !== undefined)
    return { ...fail(failure.status, target, failure.afterSecs), ailedSecs: failure.afterSecs };
  const median = MEDIAN_MS[arrival.kind] * strain.slowdown;
  const wellMs = strain.waitMs + random.logNormal(median, LATENCY_SPREAD);
  if (wellMs * slowdown > WORKER_TIMEOUT_MS) return fail(502, target, null);
  const tookMs = Math.max(wellMs * slowdown + connectSecs * 1_000, heldUntilMs - arrival.atMs);
  if (arrival.kind === "page" && random.chance(BUG_SHARE)) return fail(500, target, tookMs / 1_000);
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

/** What the cache answers by itself; `target` is the machine that it runs on, null where it stands before what logs. */
export function answerFromCache(arrival: Arrival, target: string | null, random: Random): Exchange {
  const tookMs = random.logNormal(CACHED_MEDIAN_MS, LATENCY_SPREAD);
  return {
    ...IN_ORDER,
    arrival,
    doneMs: Math.round(arrival.atMs + tookMs),
    outcome: target === null ? "cached" : "served",
    status: arrival.status,
    target,
    targetSecs: target === null ? null : tookMs / 1_000,
    cache: "hit",
    receivedBytes: requestBytes(arrival, random),
    sentBytes: arrival.bodyBytes + HEADER_BYTES,
  };
}

/** What the firewall answers; no machine hears of the request. */
export function turnAway(arrival: Arrival, random: Random): Exchange {
  return {
    ...IN_ORDER,
    arrival,
    doneMs: arrival.atMs + 1,
    outcome: "blocked",
    status: 403,
    target: null,
    targetSecs: null,
    receivedBytes: requestBytes(arrival, random),
    sentBytes: BLOCKED_BYTES,
  };
}

function failed(
  arrival: Arrival,
  status: 500 | 502 | 503 | 504,
  target: string | null,
  targetSecs: number | null,
  random: Random,
): Exchange {
  const isTimeout = status === 502 && targetSecs === null;
  return {
    ...IN_ORDER,
    arrival,
    doneMs: Math.round(arrival.atMs + (isTimeout ? WORKER_TIMEOUT_MS : (targetSecs ?? 0) * 1_000)),
    outcome: isTimeout ? "timed-out" : status === 503 ? "refused" : "served",
    status,
    target,
    targetSecs,
    receivedBytes: requestBytes(arrival, random),
    sentBytes: ERROR_PAGE_BYTES,
  };
}

function requestBytes(arrival: Arrival, random: Random): number {
  return 90 + arrival.path.length + arrival.client.userAgent.length + random.int(160);
}
