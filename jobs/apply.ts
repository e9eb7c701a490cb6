import { actingFor } from "../src/acting-for.ts";
import { formatNetworks } from "../src/domain/address.ts";
import { wordsOf } from "../src/domain/address-measure.ts";
import { approverNames } from "../src/domain/approval.ts";
import type { Proposal } from "../src/domain/proposal.ts";
import { startsLater } from "../src/domain/scale-span.ts";
import { SECOND_MS } from "../src/domain/time-window.ts";
import type { JobRun } from "../src/queue/jobs.ts";
import { record } from "../src/record.ts";
import { applyBlock } from "./apply-block.ts";
import { closeFailed } from "./apply-failure.ts";
import { applyScale } from "./apply-scale.ts";
import { showCard } from "./card.ts";
import type { JobContext } from "./context.ts";
import { dryRunCalls } from "./dry-run.ts";

/**
 * Carries out an approved proposal.
 *
 * It may die between any two steps and run again: each step looks first whether it was taken already. The proposal
 * leaves `executing` last of all, so that the sweep finds one that was left at any step.
 */
export async function apply(run: JobRun<"apply">, context: JobContext): Promise<void> {
  const proposal = await context.store.proposal(run.payload.proposalId);
  if (proposal === null) {
    context.log.warn({ proposalId: run.payload.proposalId }, "proposal to apply not found");
    return;
  }
  if (proposal.state === "approved" && startsLater(proposal.change, context.clock.now())) {
    await applyAtStart(proposal, context);
    return showCard(proposal.id, context);
  }
  // Done already, perhaps by a run that died before it could show so.
  if (!(await mayBegin(proposal, context))) return showCard(proposal.id, context);
  if ((await context.store.receipt(proposal.id)) === null) {
    const dryCalls = await dryRunCalls(proposal, run.signal, context);
    const calls = dryCalls ?? (await actingFor(proposal, () => carryOut(proposal, run.signal, context)));
    await context.store.addReceipt({
      proposalId: proposal.id,
      outcome: dryCalls === null ? "applied" : "dry-run",
      appliedMs: context.clock.now(),
      calls,
      check: null,
    });
  }
  await finish(proposal, context);
}

/** The row says when it begins, and the sweep looks for it; the job that waits is only there to be on time. */
async function applyAtStart({ id, change }: Proposal, { queue, clock }: JobContext): Promise<void> {
  const startMs = change.kind === "scale" ? (change.startMs ?? 0) : 0;
  const delayMs = Math.max(0, startMs - clock.now());
  await queue.enqueue("apply", { proposalId: id }, { id: `apply-${id}-at-start`, delayMs });
}

/** False where the proposal is in a state from which nothing may be carried out. */
async function mayBegin(proposal: Proposal, context: JobContext): Promise<boolean> {
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

/** Everything after the receipt; each step may be repeated. */
async function finish(proposal: Proposal, context: JobContext): Promise<void> {
  const { id } = proposal;
  const receipt = await context.store.receipt(id);
  // Given up while this was under way, on this machine or another.
  const isDone = receipt?.outcome === "applied" || receipt?.outcome === "dry-run";
  if (receipt === null || !isDone) return closeFailed(proposal, "It was given up.", context);
  await record(context, {
    key: `action:${id}`,
    kind: "action",
    channelId: proposal.channelId,
    incidentId: proposal.incidentId,
    actor: proposal.decidedBy ?? proposal.requestedBy,
    text: receipt.outcome === "applied" ? describeAction(proposal) : describeDryRun(proposal),
    occurredMs: receipt.appliedMs,
    messageTs: proposal.messageTs,
  });
  if (receipt.outcome === "applied") {
    await context.queue.enqueue(
      "check",
      { proposalId: id, round: 1 },
      { id: `check-${id}-1`, delayMs: context.config.check.everySecs * SECOND_MS },
    );
  }
  await context.store.moveProposal({ id, from: "executing", to: "done", by: null, atMs: context.clock.now() });
  await showCard(id, context);
}

function describeDryRun(proposal: Proposal): string {
  const { change, requestedBy } = proposal;
  const what =
    change.kind === "block" ? `the ${wordsOf(change).noun} of ${formatNetworks(change.addresses)}` : "the scale-out";
  return `Dry run of ${what} on ${change.service} (asked for by ${requestedBy.name}, approved by ${approverNames(proposal)}): nothing was changed.`;
}

function describeAction(proposal: Proposal): string {
  const { change, requestedBy } = proposal;
  const who = `asked for by ${requestedBy.name}, approved by ${approverNames(proposal)}`;
  switch (change.kind) {
    case "block":
      return `${wordsOf(change).done} ${formatNetworks(change.addresses)} on ${change.service} (${who}): ${change.reason}`;
    case "scale":
      return `Scaled ${change.service} from ${change.fromInstances} to ${change.toInstances} instances (${who}): ${change.reason}`;
  }
}
