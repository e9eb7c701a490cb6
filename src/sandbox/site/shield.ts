import ipaddr from "ipaddr.js";
import type { Random } from "./random.ts";

/** What stands in front of a service and turns addresses away. */
export interface Shield {
  /** Replaces one list of networks; it takes effect a moment later, as in a firewall of many machines. */
  put(list: string, networks: readonly string[], nowMs: number): void;
  isBlocked(address: string, atMs: number): boolean;
}

interface Version {
  readonly effectiveMs: number;
  readonly ranges: readonly ReturnType<typeof ipaddr.parseCIDR>[];
}

/** A firewall's change reaches its machines after a while; the real one takes "seconds to minutes". */
const SHORTEST_LAG_MS = 1_000;
const LONGEST_LAG_MS = 2_500;

/** Makes a shield that blocks nobody. */
export function createShield(random: Random): Shield {
  const pending = new Map<string, Version[]>();
  const active = new Map<string, Version>();
  // Most requests come from addresses that were judged a moment ago.
  const judged = new Map<string, boolean>();

  function put(list: string, networks: readonly string[], nowMs: number): void {
    const version: Version = {
      effectiveMs: nowMs + Math.round(random.between(SHORTEST_LAG_MS, LONGEST_LAG_MS)),
      ranges: networks.map((network) => ipaddr.parseCIDR(network)),
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

  function isBlocked(address: string, atMs: number): boolean {
    activate(atMs);
    const known = judged.get(address);
    if (known !== undefined) return known;
    const parsed = ipaddr.parse(address);
    const isInside = [...active.values()].some(({ ranges }) =>
      ranges.some(([network, prefix]) => network.kind() === parsed.kind() && parsed.match(network, prefix)),
    );
    judged.set(address, isInside);
    return isInside;
  }

  return { put, isBlocked };
}
