import type { Arrival, ResourceKind } from "./arrival.ts";
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

/** Decides what a request gets from machines under the given strain. */
export function respond(options: {
  readonly arrival: Arrival;
  readonly instances: readonly Instance[];
  readonly strain: Strain;
  readonly random: Random;
}): Exchange {
  const { arrival, instances, strain, random } = options;
  if (instances.length === 0) return failed(arrival, 503, null, null, random);
  const target = random.pick(instances).address;
  if (random.chance(strain.refusedShare)) return failed(arrival, 503, target, 0.002, random);

  const median = MEDIAN_MS[arrival.kind] * strain.slowdown;
  const tookMs = strain.waitMs + random.logNormal(median, LATENCY_SPREAD);
  if (tookMs > WORKER_TIMEOUT_MS) return failed(arrival, 502, target, null, random);
  if (arrival.kind === "page" && random.chance(BUG_SHARE)) return failed(arrival, 500, target, tookMs / 1_000, random);
  return {
    arrival,
    doneMs: Math.round(arrival.atMs + tookMs),
    outcome: "served",
    status: arrival.status,
    target,
    targetSecs: tookMs / 1_000,
    receivedBytes: requestBytes(arrival, random),
    sentBytes: arrival.bodyBytes + HEADER_BYTES,
  };
}

/** What the firewall answers; no machine hears of the request. */
export function turnAway(arrival: Arrival, random: Random): Exchange {
  return {
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
  status: 500 | 502 | 503,
  target: string | null,
  targetSecs: number | null,
  random: Random,
): Exchange {
  const isTimeout = status === 502;
  return {
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
