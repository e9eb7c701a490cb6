import { contains } from "../src/domain/address.ts";
import type { Block, Person } from "../src/domain/proposal.ts";
import type { CapacityHold } from "../src/ports.ts";
import type { JobRun } from "../src/queue/jobs.ts";
import { record, SPILLWAY } from "../src/record.ts";
import { showProposal } from "../src/slack/proposal-card.ts";
import type { JobContext } from "./context.ts";
import { firewallOf, scalerOf } from "./service-ports.ts";

/** Undoes an applied change before its time, because a person asked. */
export async function undo(run: JobRun<"undo">, context: JobContext): Promise<void> {
  const proposal = await context.store.proposal(run.payload.proposalId);
  if (proposal === null) return;
  const by = await context.messenger.person(run.payload.userId);
  const only = run.payload.addresses;
  const blocks = (await context.store.blocks({ proposalId: proposal.id, state: ["pending", "active"] })).filter(
    (block) => only === undefined || only.includes(block.address),
  );
  if (blocks.length > 0) await endBlocks(blocks, { to: "lifted", by, signal: run.signal }, context);
  const hold = (await context.store.capacityHolds()).find((held) => held.proposalId === proposal.id);
  if (hold !== undefined) await endHold(hold, { by, signal: run.signal }, context);
  await showProposal(proposal.id, context);
}

/**
 * Takes blocks of one proposal out of the firewall, but for addresses that another block still holds.
 * The rows move only after the firewall did, so an interruption repeats the removal and loses nothing.
 */
export async function endBlocks(
  blocks: readonly Block[],
  end: { readonly to: "lifted" | "expired"; readonly by: Person | null; readonly signal: AbortSignal },
  context: JobContext,
): Promise<void> {
  const [first] = blocks;
  if (first === undefined) return;
  const ending = new Set(blocks.map((block) => block.id));
  const others = (await context.store.blocks({ service: first.service, state: ["pending", "active"] })).filter(
    (block) => !ending.has(block.id),
  );
  const addresses = blocks.map((block) => block.address);
  const free = addresses.filter((address) => !others.some((other) => contains(address, other.address)));
  if (free.length > 0) await firewallOf(first.service, context).unblock(free, { signal: end.signal });

  const atMs = context.clock.now();
  for (const from of ["active", "pending"] as const) {
    const ids = blocks.filter((block) => block.state === from).map((block) => block.id);
    if (ids.length > 0) await context.store.moveBlocks({ ids, from, to: end.to, by: end.by, atMs });
  }
  const because = end.by === null ? "its time was up" : `undone by ${end.by.name}`;
  await record(context, {
    key: `unblock:${first.proposalId}:${addresses.join(",").slice(0, 200)}:${end.to}`,
    kind: "undo",
    channelId: first.channelId,
    incidentId: first.incidentId,
    actor: end.by ?? SPILLWAY,
    text: `Block of ${addresses.join(", ")} on ${first.service} ended: ${because}.`,
    occurredMs: atMs,
  });
}

/** Puts capacity back as it was before the change. */
export async function endHold(
  hold: CapacityHold,
  end: { readonly by: Person | null; readonly signal: AbortSignal },
  context: JobContext,
): Promise<void> {
  const proposal = await context.store.proposal(hold.proposalId);
  const { left } = await scalerOf(hold.service, context).restore(hold.before, {
    ...(proposal?.change.kind === "scale" && { raisedTo: proposal.change.toInstances }),
    signal: end.signal,
  });
  await context.store.dropCapacityHold(hold.proposalId);
  const because = end.by === null ? "its time was up" : `undone by ${end.by.name}`;
  await record(context, {
    key: `scale-back:${hold.proposalId}`,
    kind: "undo",
    channelId: hold.channelId,
    incidentId: proposal?.incidentId ?? null,
    actor: end.by ?? SPILLWAY,
    text: [`The scale-out of ${hold.service} ended: ${because}.`, ...left].join(" "),
  });
}
