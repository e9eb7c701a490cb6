import { contains } from "./address.ts";
import type { GuardRefusal } from "./guard.ts";
import type { Block } from "./proposal.ts";

/** How a firewall differs from what it should hold. Networks are canonical. */
export interface Drift {
  /** Ours, in force, and in the firewall no more: to be put back. */
  readonly missing: readonly Block[];
  /** In force, and the rules that forbid them by now: to be ended. */
  readonly forbidden: readonly (readonly [Block, GuardRefusal])[];
  /** Entries that no block of ours put there: to be left alone. */
  readonly foreign: readonly string[];
  /** Of those, entries of blocks of ours that have ended: somebody put them back. */
  readonly returned: readonly string[];
}

/**
 * Holds what is in a firewall against the blocks that should be.
 *
 * A block that is being applied, or whose time is up, is somebody else's to move: neither is missing. One that found its
 * address in the firewall is missing like any other where the address is gone since.
 *
 * @param found.blocks every block of the services behind the firewall that is in force
 * @param found.endedAddresses of blocks of ours that ended not long ago
 * @param found.refusedOf why a block may not be any more; null where it may
 */
export function findDrift(found: {
  readonly blocks: readonly Block[];
  readonly endedAddresses: readonly string[];
  readonly listed: readonly string[];
  readonly refusedOf: (block: Block) => GuardRefusal | null;
  readonly nowMs: number;
}): Drift {
  const { blocks, listed, nowMs } = found;
  const inFirewall = new Set(listed);
  const standing = blocks.filter(({ state, expiresMs }) => state === "active" && expiresMs > nowMs);
  const refusals = standing.map((block) => [block, found.refusedOf(block)] as const);
  const ours = new Set(blocks.flatMap(({ isOurs, address }) => (isOurs ? address : [])));
  const foreign = listed.filter((address) => !ours.has(address));
  const ended = new Set(found.endedAddresses);
  return {
    missing: refusals.flatMap(([block, refusal]) => (refusal === null && !inFirewall.has(block.address) ? block : [])),
    forbidden: refusals.flatMap(([block, refusal]) => (refusal === null ? [] : [[block, refusal] as const])),
    foreign,
    returned: foreign.filter((address) => ended.has(address)),
  };
}

/** Tells which of these addresses are in none of the networks of a firewall, by themselves or inside another. */
export function notCovered(addresses: readonly string[], listed: readonly string[]): readonly string[] {
  const exact = new Set(listed);
  return addresses.filter((address) => !exact.has(address) && !listed.some((network) => contains(network, address)));
}
