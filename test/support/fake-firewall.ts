import { parseNetwork } from "../../src/domain/address.ts";
import type { Firewall, FirewallChange } from "../../src/ports/firewall.ts";

export interface FakeFirewall extends Firewall {
  /** What is blocked now, by us and others; tests may add to it. */
  readonly blocked: Set<string>;
  /** Thrown by the next call, once. */
  failNext: Error | null;
  /** What was asked of it, dry runs left out: "block 198.51.100.7/32". */
  readonly asked: string[];
  /** What `weaknesses` answers. */
  weak: readonly string[];
  /** What `stopStatuses` answers. */
  statuses: readonly number[];
  /** What of that altered the set. */
  readonly effective: string[];
}

/** A firewall in memory that takes effect at once. */
export function createFakeFirewall(blocked: readonly string[] = []): FakeFirewall {
  const fake: FakeFirewall = {
    blocked: new Set(blocked),
    weak: [],
    statuses: [],
    failNext: null,
    asked: [],
    effective: [],
    block: async (addresses, options) => change("block", addresses, options),
    unblock: async (addresses, options) => change("unblock", addresses, options),
    async list() {
      throwIfTold();
      return [...fake.blocked].sort();
    },
    weaknesses: async () => fake.weak,
    stopStatuses: async () => fake.statuses,
  };

  function change(
    kind: "block" | "unblock",
    addresses: readonly string[],
    { dryRun = false, signal }: { dryRun?: boolean; signal?: AbortSignal } = {},
  ): FirewallChange {
    signal?.throwIfAborted();
    throwIfTold();
    const networks = addresses.map(canonical);
    const changed = networks.filter((network) => fake.blocked.has(network) === (kind === "unblock"));
    const call = `${kind} ${networks.join(", ")}`;
    if (!dryRun) {
      fake.asked.push(call);
      if (changed.length > 0) fake.effective.push(`${kind} ${changed.join(", ")}`);
      for (const network of changed) {
        if (kind === "block") fake.blocked.add(network);
        else fake.blocked.delete(network);
      }
    }
    return { changed, calls: changed.length === 0 ? [] : [call] };
  }

  function throwIfTold(): void {
    const error = fake.failNext;
    fake.failNext = null;
    if (error !== null) throw error;
  }
  return fake;
}

function canonical(address: string): string {
  const network = parseNetwork(address);
  if (!network.ok) throw new Error(network.reason);
  return network.cidr;
}
