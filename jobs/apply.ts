import { guardBlock } from "../src/domain/guard.ts";
import type { Block, BlockChange, Proposal, Receipt, ScaleChange } from "../src/domain/proposal.ts";
import { SECOND_MS } from "../src/domain/time-window.ts";
import { UserError } from "../src/errors.ts";
import type { JobRun } from "../src/queue/jobs.ts";
import { record } from "../src/record.ts";
import { showProposal } from "../src/slack/proposal-card.ts";
import type { JobContext } from "./context.ts";
import { firewallOf, scalerOf } from "./service-ports.ts";

/**
 * Carries out an approved proposal.
 *
 * It may die between any two lines and run again: each step looks first whether it was taken already. The rows that
 * say when a block ends are written before the firewall is touched, so that nothing is ever blocked without an end.
 */
export async function apply(run: JobRun<"apply">, context: JobContext): Promise<void> {
  const proposal = await context.store.proposal(run.payload.proposalId);
  if (proposal === null) {
    context.log.warn({ proposalId: run.payload.proposalId }, "proposal to apply not found");
    return;
  }
  if ((await context.store.receipt(proposal.id)) === null) {
    if (!(await begin(proposal, context))) return;
    const calls = await carryOut(proposal, run.signal, context);
    await context.store.addReceipt({
      proposalId: proposal.id,
      outcome: "applied",
      appliedMs: context.clock.now(),
      calls,
      check: null,
    });
  }
  await finish(proposal, context);
}

/** False where the proposal is in a state from which nothing may be carried out. */
async function begin(proposal: Proposal, context: JobContext): Promise<boolean> {
  if (proposal.state === "executing") return true;
  if (proposal.state !== "approved") {
    context.log.info({ proposalId: proposal.id, state: proposal.state }, "proposal not approved, nothing applied");
    return false;
  }
  const move = { id: proposal.id, from: "approved", to: "executing", by: null, atMs: context.clock.now() } as const;
  if (await context.store.moveProposal(move)) return true;
  return (await context.store.proposal(proposal.id))?.state === "executing";
}

function carryOut(proposal: Proposal, signal: AbortSignal, context: JobContext): Promise<readonly string[]> {
  switch (proposal.change.kind) {
    case "block":
      return applyBlock(proposal, proposal.change, signal, context);
    case "scale":
      return applyScale(proposal, proposal.change, signal, context);
  }
}

async function applyBlock(
  proposal: Proposal,
  change: BlockChange,
  signal: AbortSignal,
  context: JobContext,
): Promise<readonly string[]> {
  const firewall = firewallOf(change.service, context);
  const { refused } = guardBlock({
    addresses: change.addresses,
    neverBlock: context.config.services[change.service]?.neverBlock ?? [],
  });
  if (refused.length > 0) {
    throw new UserError("guard-refused", `Not blocked: ${refused.map((refusal) => refusal.reason).join(" ")}`);
  }

  await context.store.addBlocks(blockRows(proposal, change, context.clock.now()));
  const { calls } = await firewall.block(change.addresses, { signal });
  const inSet = new Set(await firewall.list(signal));
  const missing = change.addresses.filter((address) => !inSet.has(address));
  if (missing.length > 0) {
    throw new Error(`firewall accepted the change but does not list ${missing.length} of its addresses`);
  }
  const rows = await context.store.blocks({ proposalId: proposal.id, state: ["pending"] });
  await context.store.moveBlocks({
    ids: rows.map((row) => row.id),
    from: "pending",
    to: "active",
    by: proposal.decidedBy,
    atMs: context.clock.now(),
  });
  return calls.length > 0 ? calls : ["Every address was in the set already; nothing to change."];
}

function blockRows(proposal: Proposal, change: BlockChange, nowMs: number): Block[] {
  return change.addresses.map((address, index) => ({
    id: `${proposal.id}-${index}`,
    service: change.service,
    address,
    reason: change.reason,
    proposalId: proposal.id,
    incidentId: proposal.incidentId,
    channelId: proposal.channelId,
    blockedBy: proposal.decidedBy ?? proposal.requestedBy,
    createdMs: nowMs,
    expiresMs: nowMs + change.durationSecs * SECOND_MS,
    state: "pending",
    endedMs: null,
    endedBy: null,
  }));
}

async function applyScale(
  proposal: Proposal,
  change: ScaleChange,
  signal: AbortSignal,
  context: JobContext,
): Promise<readonly string[]> {
  const scaler = scalerOf(change.service, context);
  const held = (await context.store.capacityHolds()).find((hold) => hold.service === change.service);
  if (held !== undefined && held.proposalId !== proposal.id) {
    throw new UserError(
      "scale-held",
      `${change.service} was scaled by an earlier change that has not ended; undo that one first, or wait for its end.`,
    );
  }
  if (held === undefined) {
    const kept = await context.store.holdCapacity({
      proposalId: proposal.id,
      service: change.service,
      before: await scaler.read(signal),
      channelId: proposal.channelId,
      untilMs: context.clock.now() + change.durationSecs * SECOND_MS,
    });
    if (!kept)
      throw new UserError("scale-held", `${change.service} is being scaled by another change; nothing was done.`);
  }
  const { calls } = await scaler.raiseTo(change.toInstances, { signal });
  return calls.length > 0 ? calls : ["The group had this capacity already; nothing to change."];
}

/** Everything after the receipt; each step may be repeated. */
async function finish(proposal: Proposal, context: JobContext): Promise<void> {
  await context.store.moveProposal({
    id: proposal.id,
    from: "executing",
    to: "done",
    by: null,
    atMs: context.clock.now(),
  });
  const receipt = (await context.store.receipt(proposal.id)) as Receipt;
  if (receipt.outcome !== "applied") return;
  await record(context, {
    key: `action:${proposal.id}`,
    kind: "action",
    channelId: proposal.channelId,
    incidentId: proposal.incidentId,
    actor: proposal.decidedBy ?? proposal.requestedBy,
    text: describeAction(proposal),
    occurredMs: receipt.appliedMs,
    messageTs: proposal.messageTs,
  });
  await context.queue.enqueue(
    "check",
    { proposalId: proposal.id, round: 1 },
    { id: `check-${proposal.id}-1`, delayMs: context.config.check.everySecs * SECOND_MS },
  );
  await showProposal(proposal.id, context);
}

function describeAction({ change, requestedBy, decidedBy }: Proposal): string {
  const who = `asked for by ${requestedBy.name}, approved by ${decidedBy?.name ?? "nobody"}`;
  switch (change.kind) {
    case "block":
      return `Blocked ${change.addresses.join(", ")} on ${change.service} (${who}): ${change.reason}`;
    case "scale":
      return `Scaled ${change.service} from ${change.fromInstances} to ${change.toInstances} instances (${who}): ${change.reason}`;
  }
}
