import { MINUTE_MS } from "../../domain/time-window.ts";
import type { Exchange } from "./exchange.ts";

/** Some of the requests that a firewall met. */
export interface Samples {
  /** How many there were in all. */
  readonly population: number;
  /** In order of time; each stands for `weight` requests. */
  readonly taken: readonly { readonly exchange: Exchange; readonly weight: number }[];
}

/** What a firewall did: by each kind of rule, or none. */
export type Fate = "blocked" | "limited" | "challenged" | "admitted";

/** Remembers a few requests of each minute, by what the firewall did to them. */
export interface RequestSamples {
  take(exchange: Exchange): void;
  /** Those that arrived in `[startMs, endMs)`. */
  between(startMs: number, endMs: number, which: Fate): Samples;
}

/** As long as AWS WAF does. */
const KEPT_MS = 180 * MINUTE_MS;
const MAX_A_MINUTE = 100;

interface Minute {
  population: number;
  /** Each so many-th is kept. */
  stride: number;
  kept: Exchange[];
}

/** Makes an empty memory. */
export function createRequestSamples(): RequestSamples {
  const minutes: Readonly<Record<Fate, Map<number, Minute>>> = {
    blocked: new Map(),
    limited: new Map(),
    challenged: new Map(),
    admitted: new Map(),
  };

  function take(exchange: Exchange): void {
    const startMs = Math.floor(exchange.arrival.atMs / MINUTE_MS) * MINUTE_MS;
    const which = minutes[fateOf(exchange)];
    const minute = which.get(startMs) ?? { population: 0, stride: 1, kept: [] };
    which.set(startMs, minute);
    which.delete(startMs - KEPT_MS);
    if (minute.population % minute.stride === 0) minute.kept.push(exchange);
    minute.population++;
    if (minute.kept.length <= MAX_A_MINUTE) return;
    minute.kept = minute.kept.filter((_, index) => index % 2 === 0);
    minute.stride *= 2;
  }

  function between(startMs: number, endMs: number, which: Fate): Samples {
    const taken = [...minutes[which]].flatMap(([atMs, { stride, kept }]) =>
      atMs + MINUTE_MS <= startMs || atMs >= endMs ? [] : kept.map((exchange) => ({ exchange, weight: stride })),
    );
    const inside = taken.filter(({ exchange: { arrival } }) => arrival.atMs >= startMs && arrival.atMs < endMs);
    inside.sort((left, right) => left.exchange.arrival.atMs - right.exchange.arrival.atMs);
    return { population: inside.reduce((sum, { weight }) => sum + weight, 0), taken: inside };
  }

  return { take, between };
}

function fateOf({ outcome }: Exchange): Fate {
  return outcome === "blocked" || outcome === "limited" || outcome === "challenged" ? outcome : "admitted";
}
