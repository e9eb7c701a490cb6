import type { Proposal } from "../src/domain/proposal.ts";
import { UserError } from "../src/errors.ts";
import type { JobName, JobPayload } from "../src/queue/jobs.ts";
import { record, SPILLWAY } from "../src/record.ts";
import { failureMessage } from "../src/slack/views/failure.ts";
import { closeFailed } from "./apply-failure.ts";
import { showCard } from "./card.ts";
import { lookAgain } from "./check.ts";
import type { JobContext } from "./context.ts";
import { explain, explainOnce } from "./explain.ts";
import { type Place, tellFailed } from "./tell.ts";

/** A job that was given up, after its last attempt. */
export type FailedJob = {
  readonly [Name in JobName]: { readonly name: Name; readonly payload: JobPayload<Name>; readonly error: unknown };
}[JobName];

/** Tells people about a job that was given up, where they are waiting for it, and leaves nothing half-done. */
export async function tellFailure(failed: FailedJob, context: JobContext): Promise<void> {
  // A look is made again by itself, or is over.
  const what = (failed.name === "check" ? explainOnce : explain)(failed.error, context);
  switch (failed.name) {
    case "investigate": {
      const investigation = await context.store.investigation(failed.payload.investigationId);
      if (investigation === null) return;
      // Who cancelled it waits for nothing any more.
      if (!(await context.store.finishInvestigation(investigation.id, "failed"))) return;
      return tellAt(investigation.channelId, investigation.messageTs, what, context);
    }
    case "breakdown": {
      const { channelId, messageTs } = failed.payload;
      await context.store.endBreakdown({ channelId, messageTs, state: "failed", cancelledBy: null });
      if ((await context.store.breakdownEnd({ channelId, messageTs }))?.state === "cancelled") return;
      return tellAt(channelId, messageTs, what, context);
    }
    case "apply":
      return tellApplyFailure(failed.payload.proposalId, { what, error: failed.error }, context);
    case "check":
      return tellCheckFailure(failed.payload, what, context);
    case "undo": {
      const proposal = await context.store.proposal(failed.payload.proposalId);
      if (proposal === null) return;
      await tellFailed(proposal, `Not undone yet. ${what} It ends by itself when its time is up.`, context);
      if (failed.payload.wishId !== undefined) await context.store.forgetUndo(failed.payload.wishId);
      return;
    }
    case "postmortem":
      return tellFailed(inChannel(failed.payload), `No postmortem was written. ${what}`, context);
    case "tell":
    case "card":
    case "sweep":
    case "watch":
    case "reconcile":
      // Nobody waits for these: a card is only a view, and the others run again by themselves and tell what they cannot end.
      return;
  }
}

async function tellApplyFailure(
  proposalId: string,
  { what, error }: { readonly what: string; readonly error: unknown },
  context: JobContext,
): Promise<void> {
  const proposal = await context.store.proposal(proposalId);
  if (proposal === null) return;
  const appliedMs = context.clock.now();
  const isFirst = await context.store.addReceipt({
    proposalId,
    outcome: "failed",
    appliedMs,
    calls: [],
    check: null,
  });
  if (isFirst && error instanceof UserError) await auditRefusal(proposal, error, context);
  // What was applied first stays applied; only its telling failed, and the sweep takes up what is not shown here.
  if ((await context.store.receipt(proposalId))?.outcome !== "failed") return showCard(proposalId, context);
  await closeFailed(proposal, what, context);
}

/** What was approved and then refused all the same, such as by a guard whose list grew meanwhile. */
async function auditRefusal(
  { id: proposalId, incidentId }: Proposal,
  { code, message: reason }: UserError,
  { store, clock }: JobContext,
): Promise<void> {
  const entry = { kind: "policy-refusal", atMs: clock.now(), actor: SPILLWAY, proposalId, incidentId } as const;
  await store.recordAudit({ ...entry, details: { act: "apply", code, reason } });
}

/** Only the last look of a watch is told: what the next one sees is worth more than that this one saw nothing. */
async function tellCheckFailure(
  { proposalId, round }: JobPayload<"check">,
  what: string,
  context: JobContext,
): Promise<void> {
  const proposal = await context.store.proposal(proposalId);
  if (proposal === null) return;
  if (round < context.config.check.rounds) return lookAgain(proposalId, round + 1, context);
  const statement = `Cannot tell whether it worked. ${what}`;
  const checkedMs = context.clock.now();
  const unknown = { checkedMs, verdict: "cannot-tell", statement, beforePerMin: null, afterPerMin: null } as const;
  await context.store.setCheck(proposalId, { ...unknown, isFinal: true });
  const isNews = await record(context, {
    key: `check-end:${proposalId}`,
    kind: "check",
    channelId: proposal.channelId,
    incidentId: proposal.incidentId,
    actor: SPILLWAY,
    text: statement,
    messageTs: proposal.messageTs,
  });
  if (isNews) await tellFailed(proposal, statement, context);
  await showCard(proposalId, context);
}

async function tellAt(channelId: string, ts: string | null, what: string, context: JobContext): Promise<void> {
  if (ts === null) await tellFailed(inChannel({ channelId }), what, context);
  else await context.messenger.update({ channelId, ts }, failureMessage({ what, errorId: null }));
}

function inChannel({ channelId }: { readonly channelId: string }): Place {
  return { channelId, messageTs: null };
}
