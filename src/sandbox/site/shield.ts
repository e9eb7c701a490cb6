import ipaddr from "ipaddr.js";
import { SECOND_MS } from "../../domain/time-window.ts";
import { isBrowser } from "../../domain/traits.ts";
import type { Arrival } from "./arrival.ts";
import type { Random } from "./random.ts";

/** What happens to whoever is in a list. */
export type ShieldRule =
  | { readonly kind: "block" }
  | { readonly kind: "rate-limit"; readonly limit: number; readonly windowSecs: number }
  | { readonly kind: "challenge" };

/** What stands in front of a service and turns addresses away. */
export interface Shield {
  /** Replaces one list of networks; it takes effect a moment later, as in a firewall of many machines. */
  put(list: string, networks: readonly string[], nowMs: number, rule?: ShieldRule): void;
  isBlocked(address: string, atMs: number): boolean;
  /** Judges a request, which counts for those after it. */
  judge(arrival: Arrival): "admitted" | "blocked" | "limited" | "challenged";
}

interface Version {
  readonly effectiveMs: number;
  readonly ranges: readonly ReturnType<typeof ipaddr.parseCIDR>[];
  readonly rule: ShieldRule;
}

/** A firewall's change reaches its machines after a while; the real one takes "seconds to minutes". */
const SHORTEST_LAG_MS = 1_000;
const LONGEST_LAG_MS = 2_500;
/** @source https://docs.aws.amazon.com/waf/latest/developerguide/waf-tokens-immunity-times.html: the default */
const IMMUNE_MS = 300 * SECOND_MS;

/** Makes a shield that blocks nobody. */
export function createShield(random: Random): Shield {
  const pending = new Map<string, Version[]>();
  const active = new Map<string, Version>();
  // Most requests come from addresses that were judged a moment ago.
  const judged = new Map<string, readonly ShieldRule[]>();
  /** The requests of each limited address by second, those that were stopped too. */
  const counted = new Map<string, Map<number, number>>();
  const passedMs = new Map<string, number>();

  function put(list: string, networks: readonly string[], nowMs: number, rule: ShieldRule = { kind: "block" }): void {
    const version: Version = {
      effectiveMs: nowMs + Math.round(random.between(SHORTEST_LAG_MS, LONGEST_LAG_MS)),
      ranges: networks.map((network) => ipaddr.parseCIDR(network)),
      rule,
    };
    // A later version never gives way to an earlier one that took longer to arrive.
    const overtaken = (earlier: Version): boolean => earlier.effectiveMs >= version.effectiveMs;
    pending.set(list, [...(pending.get(list) ?? []).filter((earlier) => !overtaken(earlier)), version]);
  }

  function activate(atMs: number): void {
    for (const [list, versions] of pending) {
      const due = versions.filter((version) => version.effectiveMs <= atMs);
      const newest = due.at(-1);
      if (newest === undefined) continue;
      active.set(list, newest);
      pending.set(list, versions.slice(due.length));
      judged.clear();
    }
  }

  function rulesFor(address: string, atMs: number): readonly ShieldRule[] {
    activate(atMs);
    const known = judged.get(address);
    if (known !== undefined) return known;
    const parsed = ipaddr.parse(address);
    const rules = [...active.values()].flatMap(({ ranges, rule }) =>
      ranges.some(([network, prefix]) => network.kind() === parsed.kind() && parsed.match(network, prefix)) ? rule : [],
    );
    judged.set(address, rules);
    return rules;
  }

  function isOverLimit(address: string, atMs: number, limit: number, windowSecs: number): boolean {
    const second = Math.floor(atMs / SECOND_MS);
    const seconds = counted.get(address) ?? new Map<number, number>();
    counted.set(address, seconds);
    for (const old of seconds.keys()) if (old <= second - windowSecs) seconds.delete(old);
    seconds.set(second, (seconds.get(second) ?? 0) + 1);
    return [...seconds.values()].reduce((sum, count) => sum + count, 0) > limit;
  }

  /** A browser solves it on a page, and is let in with all that the page needs. */
  function hasSolved({ atMs, client, kind, method }: Arrival): boolean {
    const key = `${client.address} ${client.userAgent}`;
    if (atMs - (passedMs.get(key) ?? Number.NEGATIVE_INFINITY) < IMMUNE_MS) return true;
    if (kind !== "page" || method !== "GET" || !isBrowser(client.userAgent)) return false;
    passedMs.set(key, atMs);
    return true;
  }

  function judge(arrival: Arrival): ReturnType<Shield["judge"]> {
    const { atMs, client } = arrival;
    const rules = rulesFor(client.address, atMs);
    if (rules.length === 0) return "admitted";
    if (rules.some(({ kind }) => kind === "block")) return "blocked";
    for (const rule of rules) {
      if (rule.kind === "rate-limit" && isOverLimit(client.address, atMs, rule.limit, rule.windowSecs))
        return "limited";
      if (rule.kind === "challenge" && !hasSolved(arrival)) return "challenged";
    }
    return "admitted";
  }

  return { put, isBlocked: (address, atMs) => rulesFor(address, atMs).some(({ kind }) => kind === "block"), judge };
}
