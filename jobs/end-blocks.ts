import type { Block, Person } from "../src/domain/proposal.ts";
import { formatUtc } from "../src/domain/utc.ts";
import { record, SPILLWAY } from "../src/record.ts";
import type { JobContext } from "./context.ts";
import { othersHolding } from "./firewall-entries.ts";
import { firewallOf } from "./service-ports.ts";

/** Why something ends, and who ended it; nobody where it ends by itself. */
export interface Ending {
  readonly by: Person | null;
  /** The end of a sentence: "its time was up". */
  readonly because: string;
  readonly signal: AbortSignal;
}

export type SomeBlocks = readonly [Block, ...Block[]];

/**
 * Takes blocks of one proposal out of the firewall, but for what another block still holds and what was there before
 * us. The rows move after the firewall did and after the timeline says so: an interruption repeats and loses nothing.
 * They are marked until all was looked at again, so that what an interruption after that leaves is found.
 */
export async function endBlocks(blocks: SomeBlocks, end: Ending, context: JobContext): Promise<void> {
  const markedMs = context.clock.now();
  const marked = await context.store.unsettleBlocks(
    blocks.map((block) => block.id),
    markedMs,
  );
  const held = await heldByOthers(blocks, context);
  const taken = await takeOut(blocks, held, end.signal, context);
  const atMs = context.clock.now();
  await recordEnd(blocks, held, end, atMs, context);
  const to = end.by === null ? "expired" : "lifted";
  const ids = blocks.map((block) => block.id);
  // In this order: what becomes active just now is found by the second.
  for (const from of ["pending", "active"] as const) {
    await context.store.moveBlocks({ ids, from, to, by: end.by, atMs });
  }
  await settle(blocks, taken, end.signal, context);
  await context.store.settleBlocks(marked, markedMs);
}

/** Takes out what an interruption, or somebody who put it back meanwhile, left of blocks that have ended. */
export async function takeOutUnsettled(beforeMs: number, signal: AbortSignal, context: JobContext): Promise<void> {
  const left = await context.store.unsettledBlocks(beforeMs);
  const services = new Set(left.map(({ service }) => service));
  for (const service of services) {
    if (context.services[service]?.firewall == null) continue;
    const blocks = left.filter((block) => block.service === service);
    const markedMs = context.clock.now();
    const ids = blocks.map((block) => block.id);
    await context.store.unsettleBlocks(ids, markedMs);
    await takeOut(blocks, await heldByOthers(blocks, context), signal, context);
    await context.store.settleBlocks(ids, markedMs);
  }
}

/** Takes out again what ended while its own apply was writing the firewall. */
export async function takeOutEnded(proposalId: string, signal: AbortSignal, context: JobContext): Promise<void> {
  const ended = await context.store.blocks({ proposalId, state: ["expired", "lifted"] });
  await takeOut(ended, await heldByOthers(ended, context), signal, context);
}

/** Addresses that other blocks hold, with the last of their ends. */
type Held = ReadonlyMap<string, number>;

/** Takes out what of these is ours and held by no other block; gives those addresses. */
async function takeOut(
  blocks: readonly Block[],
  held: Held,
  signal: AbortSignal,
  context: JobContext,
): Promise<readonly string[]> {
  const free = blocks.filter((block) => block.isOurs && !held.has(block.address));
  const addresses = free.map((block) => block.address);
  if (free[0] !== undefined) await firewallOf(free[0].service, context).unblock(addresses, { signal });
  return addresses;
}

/**
 * Other blocks of the same addresses may have ended, or begun, while the firewall was written: each of two that end
 * together leaves the address to the other, and one that begins found it there and was content. Somebody may have put
 * back what was taken out, too, while the row said that it stands.
 */
async function settle(
  blocks: SomeBlocks,
  taken: readonly string[],
  signal: AbortSignal,
  context: JobContext,
): Promise<void> {
  const held = await heldByOthers(blocks, context);
  const missing = taken.filter((address) => held.has(address));
  if (missing.length > 0) await firewallOf(blocks[0].service, context).block(missing, { signal });
  await takeOut(blocks, held, signal, context);
}

async function heldByOthers(blocks: readonly Block[], context: JobContext): Promise<Held> {
  const held = new Map<string, number>();
  for (const { address, expiresMs } of await othersHolding(blocks, context)) {
    held.set(address, Math.max(expiresMs, held.get(address) ?? 0));
  }
  return held;
}

async function recordEnd(
  blocks: SomeBlocks,
  held: Held,
  end: Ending,
  atMs: number,
  context: JobContext,
): Promise<void> {
  const [{ proposalId, channelId, incidentId, service }] = blocks;
  const addresses = blocks.map((block) => block.address).join(", ");
  const stays = blocks.flatMap(({ address, isOurs }) => {
    const untilMs = held.get(address);
    if (untilMs !== undefined) return `Another block holds ${address} until ${formatUtc(untilMs)}.`;
    return isOurs ? [] : `${address} was in the firewall before, and stays there.`;
  });
  await record(context, {
    key: `unblock:${proposalId}:${addresses.slice(0, 200)}:${end.by === null ? "expired" : "lifted"}`,
    kind: "undo",
    channelId,
    incidentId,
    actor: end.by ?? SPILLWAY,
    text: [`The block of ${addresses} on ${service} ended: ${end.because}.`, ...stays].join(" "),
    occurredMs: atMs,
  });
}
