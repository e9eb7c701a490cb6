import type { SampledRule } from "../domain/sampled-requests.ts";
import type { TimeWindow } from "../domain/time-window.ts";

export interface FirewallChange {
  /** Addresses that this call put in or took out; empty where all was so already. */
  readonly changed: readonly string[];
  /** Every call made, or in a dry run every call that would be made, one line each. */
  readonly calls: readonly string[];
}

/**
 * Holds the addresses of one measure (a block, or one that is milder) in front of one service. Every call may be
 * repeated.
 */
export interface Firewall {
  /** @throws {UpstreamError} after its own retries */
  block(addresses: readonly string[], options?: { dryRun?: boolean; signal?: AbortSignal }): Promise<FirewallChange>;
  unblock(addresses: readonly string[], options?: { dryRun?: boolean; signal?: AbortSignal }): Promise<FirewallChange>;
  /** Every address in the set, ours and others', in CIDR notation. */
  list(signal?: AbortSignal): Promise<readonly string[]>;
  /** Says in a sentence each why what is in the set may let somebody pass all the same; empty where nothing does. */
  weaknesses(signal?: AbortSignal): Promise<readonly string[]>;
  /** HTTP statuses with which its rules answer whom they stop; empty where none stops anybody. */
  stopStatuses(signal?: AbortSignal): Promise<readonly number[]>;
  /**
   * What it remembers of single requests, by the rules that met them; left out where it keeps none. AWS WAF forgets what
   * is older than three hours.
   */
  samples?(window: TimeWindow, signal?: AbortSignal): Promise<readonly SampledRule[]>;
}
