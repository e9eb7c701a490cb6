import type { Arrival } from "./arrival.ts";

/** What a cache did for a request: `bypass` where it may not answer at all. */
export type CacheResult = "hit" | "miss" | "expired" | "bypass";

/** A cache between clients and machines. */
export interface Cache {
  /** Takes a request and keeps its answer; called in order of time. */
  ask(arrival: Arrival): CacheResult;
}

/** Makes an empty cache that keeps pages and files for so long, by host, path and query. */
export function createCache(options: { readonly pageTtlMs: number; readonly fileTtlMs: number }): Cache {
  const expiresMs = new Map<string, number>();

  function ask(arrival: Arrival): CacheResult {
    const { method, kind, status, atMs } = arrival;
    if (arrival.isUncacheable === true || method === "POST" || kind === "api") return "bypass";
    const key = `${arrival.host}${arrival.path}`;
    const knownMs = expiresMs.get(key);
    if (knownMs !== undefined && atMs < knownMs) return "hit";
    // What is not there or not allowed is asked for anew each time.
    if (status < 400) expiresMs.set(key, atMs + (kind === "file" ? options.fileTtlMs : options.pageTtlMs));
    return knownMs === undefined ? "miss" : "expired";
  }

  return { ask };
}
