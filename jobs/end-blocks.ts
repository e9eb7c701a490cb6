import { formatNetwork, formatNetworks } from "../src/domain/address.ts";
import { wordsOf } from "../src/domain/address-measure.ts";
import { groupBySets } from "../src/domain/grouping.ts";
import type { Block, Person } from "../src/domain/proposal.ts";
import { formatUtc } from "../src/domain/utc.ts";
import { othersHolding } from "../src/firewall-entries.ts";
import { firewallIn } from "../src/firewall-sets.ts";
import { record, SPILLWAY } from "../src/record.ts";
import { showCard } from "./card.ts";
import type { JobContext } from "./context.ts";
import { firewallOf } from "./service-ports.ts";

/** Why something ends, and who ended it; nobody where it ends by itself. */
export interface Ending {
  readonly by: Person | null;
  /** The end of a sentence: "its time was up". */
  readonly because: string;
  /** Whether apply is at it, and may put in what ended: it stays marked then, to be looked at again. */
  readonly isBeingApplied?: boolean;
  readonly signal: AbortSignal;
}

export type SomeBlocks = readonly [Block, ...Block[]];

/**
 * Takes blocks of one proposal out of the firewall, but for what another block still holds and what was there before
 * us. The rows move after the firewall did and after the timeline says so: an interruption repeats and loses nothing.
 * They are marked until all was looked at again and the card says so, so that what an interruption after that leaves is
 * found.
 */
export async function endBlocks(blocks: SomeBlocks, end: Ending, context: JobContext): Promise<void> {
  const markedMs = context.clock.now();
  const marked = await context.store.unsettleBlocks(
    blocks.map((block) => block.id),
    markedMs,
  );
  const held = await heldByOthers(blocks, context);
  const taken = freeOf(blocks, held);
  if (taken.length > 0) await firewallOf(blocks[0], context).unblock(taken, { signal: end.signal });
  const atMs = context.clock.now();
  await recordEnd(blocks, held, end, atMs, context);
  const to = end.by === null ? "expired" : "lifted";
  const ids = blocks.map((block) => block.id);
  // In this order: what becomes active just now is found by the second.
  for (const from of ["pending", "active"] as const) {
    await context.store.moveBlocks({ ids, from, to, by: end.by, atMs });
  }
  await settle(blocks, taken, end.signal, context);
  await showCard(blocks[0].proposalId, context);
  if (end.isBeingApplied !== true) await context.store.settleBlocks(marked, markedMs);
}

/** Shows the cards of blocks whose end was interrupted, perhaps before it was shown. */
export async function showUnsettled(beforeMs: number, context: JobContext): Promise<void> {
  const left = await context.store.unsettledBlocks(beforeMs);
  for (const proposalId of new Set(left.map((block) => block.proposalId))) await showCard(proposalId, context);
}

/**
 * Takes out what an interruption, or somebody who put it back meanwhile, left of blocks that have ended.
 *
 * @param before.leftMs marked before that: whoever ends them may be at it still, so they stay marked
 * @param before.goneMs marked before that: nobody is at it any more
 */
export async function takeOutUnsettled(
  before: { readonly leftMs: number; readonly goneMs: number },
  signal: AbortSignal,
  context: JobContext,
): Promise<void> {
  const gone = new Set((await context.store.unsettledBlocks(before.goneMs)).map(({ id }) => id));
  for (const blocks of groupBySets(await context.store.unsettledBlocks(before.leftMs))) {
    if (firewallIn(context.services, blocks[0]) === null) continue;
    const markedMs = context.clock.now();
    const ids = blocks.flatMap(({ id }) => (gone.has(id) ? id : []));
    await context.store.unsettleBlocks(ids, markedMs);
    await settle(blocks, [], signal, context);
    await context.store.settleBlocks(ids, markedMs);
  }
}

/** Takes out again what ended while its own apply was writing the firewall. */
export async function takeOutEnded(proposalId: string, signal: AbortSignal, context: JobContext): Promise<void> {
  const [first, ...more] = await context.store.blocks({ proposalId, state: ["expired", "lifted"] });
  if (first !== undefined) await settle([first, ...more], [], signal, context);
}

/** Addresses that other blocks hold, with the last of their ends. */
type Held = ReadonlyMap<string, number>;

/** What of these is ours and held by no other block. */
function freeOf(blocks: readonly Block[], held: Held): readonly string[] {
  return blocks.filter((block) => block.isOurs && !held.has(block.address)).map((block) => block.address);
}

/**
 * Other blocks of the same addresses may have ended, or begun, while the firewall was written: each of two that end
 * together leaves the address to the other, and one that begins found it there and was content. Somebody may have put
 * back what was taken out, too, while the row said that it stands. Looked at until a look finds nothing to change.
 */
async function settle(
  blocks: SomeBlocks,
  takenBefore: readonly string[],
  signal: AbortSignal,
  context: JobContext,
): Promise<void> {
  let taken = takenBefore;
  let isChanged = true;
  while (isChanged) {
    const held = await heldByOthers(blocks, context);
    const missing = taken.filter((address) => held.has(address));
    const putBack = missing.length > 0 ? (await firewallOf(blocks[0], context).block(missing, { signal })).changed : [];
    taken = freeOf(blocks, held);
    const takenOut = taken.length > 0 ? (await firewallOf(blocks[0], context).unblock(taken, { signal })).changed : [];
    isChanged = putBack.length + takenOut.length > 0;
  }
}

/** One whose time is up holds nothing: of two that end together, each would leave it to the other. */
async function heldByOthers(blocks: readonly Block[], context: JobContext): Promise<Held> {
  const held = new Map<string, number>();
  const nowMs = context.clock.now();
  for (const { address, expiresMs } of await othersHolding(blocks, context)) {
    if (expiresMs <= nowMs) continue;
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
  const entries = blocks.map((block) => block.address);
  const { noun } = wordsOf(blocks[0]);
  const stays = blocks.flatMap(({ address, isOurs }) => {
    const untilMs = held.get(address);
    if (untilMs !== undefined) return `Another ${noun} holds ${formatNetwork(address)} until ${formatUtc(untilMs)}.`;
    return isOurs ? [] : `${formatNetwork(address)} was in the firewall before, and stays there.`;
  });
  await record(context, {
    key: `unblock:${proposalId}:${entries.join(", ").slice(0, 200)}:${end.by === null ? "expired" : "lifted"}`,
    kind: "undo",
    channelId,
    incidentId,
    actor: end.by ?? SPILLWAY,
    text: [
      `The ${noun} of ${formatNetworks(entries)} on ${service} ended: ${end.because.replace(/\.$/, "")}.`,
      ...stays,
    ].join(" "),
    occurredMs: atMs,
  });
}
