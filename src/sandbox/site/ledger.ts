import { DAY_MS, MINUTE_MS } from "../../domain/time-window.ts";
import type { Exchange } from "./exchange.ts";
import { createLatencies, type Latencies } from "./latencies.ts";
import { createRequestSamples, type RequestSamples } from "./request-samples.ts";

type StatusClass = 2 | 3 | 4 | 5;

/** What a service did in a span of whole minutes. */
export interface Totals {
  /** Requests that reached a machine; what the firewall turned away is not among them. */
  readonly requests: number;
  readonly blocked: number;
  readonly challenged: number;
  /** Answers of the machines by their first digit. */
  readonly answered: Readonly<Record<StatusClass, number>>;
  /** Answers that the load balancer had to give because no machine did, 500 or more. */
  readonly balancerErrors: number;
  readonly receivedBytes: number;
  readonly sentBytes: number;
  readonly latencies: Latencies;
  readonly cpuPercent: Gauge;
  readonly inService: Gauge;
}

/** Something that has a level, looked at once a second. */
export interface Gauge {
  readonly samples: number;
  readonly sum: number;
  readonly min: number;
  readonly max: number;
}

/** Counts the exchanges of one service by the minute of their arrival. */
export interface Ledger {
  count(exchange: Exchange): void;
  /** The state of the machines, told once a second. */
  sample(atMs: number, state: { readonly cpuPercent: number; readonly inService: number }): void;
  /** Adds up the minutes that begin in `[startMs, endMs)`; null where nothing is known of any. */
  between(startMs: number, endMs: number): Totals | null;
  /** Single requests, as a firewall in front remembers them. */
  readonly samples: RequestSamples;
}

const KEPT_MS = DAY_MS;
const NO_SAMPLES: Gauge = { samples: 0, sum: 0, min: Number.POSITIVE_INFINITY, max: Number.NEGATIVE_INFINITY };

type Tally = { -readonly [Key in keyof Totals]: Totals[Key] } & { readonly answered: Record<StatusClass, number> };

/** Makes an empty ledger; it forgets what is older than a day. */
export function createLedger(): Ledger {
  const minutes = new Map<number, Tally>();
  const samples = createRequestSamples();

  function minuteOf(atMs: number): Tally {
    const startMs = Math.floor(atMs / MINUTE_MS) * MINUTE_MS;
    const known = minutes.get(startMs);
    if (known !== undefined) return known;
    const fresh = emptyTally();
    minutes.set(startMs, fresh);
    minutes.delete(startMs - KEPT_MS);
    return fresh;
  }

  function count(exchange: Exchange): void {
    samples.take(exchange);
    const { arrival, outcome, status, target, targetSecs, receivedBytes, sentBytes } = exchange;
    const minute = minuteOf(arrival.atMs);
    if (outcome === "blocked" || outcome === "limited" || outcome === "challenged") {
      // The firewall's own count of what it blocked holds what was above a limit.
      minute[outcome === "challenged" ? "challenged" : "blocked"]++;
      return;
    }
    minute.receivedBytes += receivedBytes;
    minute.sentBytes += sentBytes;
    if (outcome === "cached") return;
    if (target !== null) minute.requests++;
    if (targetSecs === null) {
      minute.balancerErrors++;
      return;
    }
    minute.answered[Math.floor(status / 100) as StatusClass]++;
    minute.latencies.add(targetSecs);
  }

  function sample(atMs: number, state: { cpuPercent: number; inService: number }): void {
    const minute = minuteOf(atMs);
    minute.cpuPercent = join(minute.cpuPercent, reading(state.cpuPercent));
    minute.inService = join(minute.inService, reading(state.inService));
  }

  function between(startMs: number, endMs: number): Totals | null {
    const sum = emptyTally();
    let known = 0;
    const firstMs = Math.ceil(startMs / MINUTE_MS) * MINUTE_MS;
    for (let atMs = firstMs; atMs < endMs; atMs += MINUTE_MS) {
      const minute = minutes.get(atMs);
      if (minute === undefined) continue;
      addTo(sum, minute);
      known++;
    }
    return known === 0 ? null : sum;
  }

  return { count, sample, between, samples };
}

function addTo(sum: Tally, minute: Totals): void {
  for (const key of ["requests", "blocked", "challenged", "balancerErrors", "receivedBytes", "sentBytes"] as const) {
    sum[key] += minute[key];
  }
  for (const digit of [2, 3, 4, 5] as const) sum.answered[digit] += minute.answered[digit];
  sum.latencies.addAll(minute.latencies);
  sum.cpuPercent = join(sum.cpuPercent, minute.cpuPercent);
  sum.inService = join(sum.inService, minute.inService);
}

function reading(level: number): Gauge {
  return { samples: 1, sum: level, min: level, max: level };
}

function join(left: Gauge, right: Gauge): Gauge {
  return {
    samples: left.samples + right.samples,
    sum: left.sum + right.sum,
    min: Math.min(left.min, right.min),
    max: Math.max(left.max, right.max),
  };
}

function emptyTally(): Tally {
  return {
    requests: 0,
    blocked: 0,
    challenged: 0,
    answered: { 2: 0, 3: 0, 4: 0, 5: 0 },
    balancerErrors: 0,
    receivedBytes: 0,
    sentBytes: 0,
    latencies: createLatencies(),
    cpuPercent: NO_SAMPLES,
    inService: NO_SAMPLES,
  };
}
