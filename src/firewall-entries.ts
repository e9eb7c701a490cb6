import type { Config } from "./config.ts";
import { type MilderMeasure, measureOf } from "./domain/address-measure.ts";
import type { Block } from "./domain/proposal.ts";
import { setsOf } from "./firewall-sets.ts";
import type { Ports } from "./ports.ts";

type Entry = Pick<Block, "service" | "address" | "measure">;
type EntryOfRow = Entry & Pick<Block, "id">;
type Known = Pick<Ports, "store" | "config">;

/**
 * Finds the blocks in force that hold the very same entries of a firewall as these do, by whichever service: several
 * may stand behind one firewall. A network that contains an address is another entry, and so is the same address under
 * another measure; each comes and goes by itself.
 */
export async function othersHolding(
  blocks: readonly EntryOfRow[],
  { store, config }: Known,
): Promise<readonly Block[]> {
  return othersOfSameEntries(blocks, await store.blocks({ state: ["pending", "active"] }), config);
}

/**
 * Finds those by which these entries may be in a firewall: blocks in force, ended ones not surely taken out, and, where
 * it is asked for, those that ended since an instant.
 */
export async function othersBehind(
  blocks: readonly EntryOfRow[],
  { store, config }: Known,
  { endedSinceMs }: { endedSinceMs?: number } = {},
): Promise<readonly Block[]> {
  // In this order: what ends just now is found by the second.
  const standing = await store.blocks({ state: ["pending", "active"] });
  const unsettled = await store.unsettledBlocks(Number.MAX_SAFE_INTEGER);
  const ended = endedSinceMs === undefined ? [] : await store.blocks({ state: ["expired", "lifted"], endedSinceMs });
  return othersOfSameEntries(blocks, [...standing, ...unsettled, ...ended], config);
}

function othersOfSameEntries(blocks: readonly EntryOfRow[], rows: readonly Block[], config: Config): readonly Block[] {
  const ids = new Set(blocks.map((block) => block.id));
  const entries = new Set(blocks.map((block) => entryOf(block, config)));
  return rows.filter((row) => !ids.has(row.id) && entries.has(entryOf(row, config)));
}

/** Names the sets that a service's blocks, or its milder measures, go into, by which services behind the same are told. */
export function firewallName(service: string, { services }: Config, measure?: MilderMeasure): string {
  const firewall = services[service]?.firewall;
  const sets = firewall && setsOf(firewall, measureOf({ measure }));
  if (firewall === undefined || sets == null) return measure === undefined ? service : `${service} ${measure}`;
  const { kind, scope } = firewall;
  const { ipv4Set, ipv6Set } = sets;
  return `${kind} ${scope} ${ipv4Set.name} ${ipv4Set.id} ${ipv6Set.name} ${ipv6Set.id}`;
}

function entryOf({ service, address, measure }: Entry, { services }: Config): string {
  const firewall = services[service]?.firewall;
  const sets = firewall && setsOf(firewall, measureOf({ measure }));
  if (firewall === undefined || sets == null) return `${service} ${measureOf({ measure })} ${address}`;
  const set = address.includes(":") ? sets.ipv6Set : sets.ipv4Set;
  return `${firewall.kind} ${set.name} ${set.id} ${address}`;
}
